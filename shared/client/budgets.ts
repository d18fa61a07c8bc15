import {
	type BudgetChange,
	budgetViewSchema,
	type EstimateRequest,
	estimateSchema,
	type NewBudget,
	ownBudgetsSchema,
} from '../protocol/budget.ts';
import type { CallOptions, HttpClient } from './http-client.ts';
import { listOf, type PageQuery } from './page.ts';

type Signal = Pick<CallOptions, 'signal'>;

const PATH = '/api/v1/admin/budgets';
const pathOf = (id: string): string => `${PATH}/${encodeURIComponent(id)}`;
const matching = (version: number | undefined): Pick<CallOptions, 'headers'> =>
	version === undefined ? {} : { headers: { 'if-match': `"${version}"` } };

/** What counts for whoever asks. */
export const readOwnBudgets = (http: HttpClient, options: Signal = {}) =>
	http.json('GET', '/api/v1/me/budgets', ownBudgetsSchema, options);

export const listBudgets = (http: HttpClient, page: PageQuery = {}, options: Signal = {}) =>
	http.json('GET', PATH, listOf(budgetViewSchema), { query: { ...page }, ...options });

export const readBudget = (http: HttpClient, id: string, options: Signal = {}) =>
	http.json('GET', pathOf(id), budgetViewSchema, options);

export const addBudget = (http: HttpClient, budget: NewBudget) =>
	http.json('POST', PATH, budgetViewSchema, { body: budget });

export const changeBudget = (http: HttpClient, id: string, change: BudgetChange, ifVersion?: number) =>
	http.json('PATCH', pathOf(id), budgetViewSchema, { body: change, ...matching(ifVersion) });

export const removeBudget = (http: HttpClient, id: string, ifVersion?: number): Promise<void> =>
	http.call('DELETE', pathOf(id), matching(ifVersion));

/** What tasks would cost; nothing is made. */
export const estimateTasks = (http: HttpClient, tasks: EstimateRequest, options: Signal = {}) =>
	http.json('POST', '/api/v1/tasks:estimate', estimateSchema, { body: tasks, ...options });
