import { z } from 'zod';
import { type NewPrices, priceVersionSchema } from '../protocol/price-book.ts';
import {
	type CutBy,
	type UsageCorrection,
	usageAnswerSchema,
	usageCorrectedSchema,
	usageCutSchema,
	usageRecordPageSchema,
} from '../protocol/usage.ts';
import { usageByFileSchema, usageByTaskSchema } from '../protocol/usage-list.ts';
import { type CallOptions, type HttpClient, newIdempotencyKey } from './http-client.ts';
import type { PageQuery } from './page.ts';

type Signal = Pick<CallOptions, 'signal'>;

const PRICES = '/api/v1/admin/price-book';

export interface UsagePeriod {
	from?: string | undefined;
	to?: string | undefined;
}

/** What one has used oneself, by day and kind of work. */
export const readOwnUsage = (http: HttpClient, period: UsagePeriod, options: Signal = {}) =>
	http.json('GET', '/api/v1/usage', usageAnswerSchema, { query: { ...period }, ...options });

/** Where the same is as CSV, for links. */
export const ownUsageCsvUrl = ({ from, to }: { from: string; to: string }): string =>
	`/api/v1/usage?${new URLSearchParams({ from, to, format: 'csv' })}`;

/** What each of one's tasks has used, the dearest first. */
export const readUsageByTask = (http: HttpClient, period: UsagePeriod & { limit?: number }, options: Signal = {}) =>
	http.json('GET', '/api/v1/usage/tasks', usageByTaskSchema, { query: { ...period }, ...options });

/** What was used for each of one's files, the dearest first. */
export const readUsageByFile = (http: HttpClient, period: UsagePeriod & { limit?: number }, options: Signal = {}) =>
	http.json('GET', '/api/v1/usage/files', usageByFileSchema, { query: { ...period }, ...options });

export interface UsageFilter extends UsagePeriod {
	by?: CutBy | undefined;
	zone?: string | undefined;
	owner?: string | undefined;
	group?: string | undefined;
	class?: string | undefined;
	queue?: string | undefined;
	node?: string | undefined;
	type?: string | undefined;
	kind?: string | undefined;
	limit?: number | undefined;
}

/** What everybody has used, told apart by one dimension. */
export const readUsageCut = (http: HttpClient, filter: UsageFilter, options: Signal = {}) =>
	http.json('GET', '/api/v1/admin/usage', usageCutSchema, { query: { ...filter }, ...options });

/** The facts that a sum is made of, the newest first. A page may be short and yet have a next. */
export const listUsageRecords = (
	http: HttpClient,
	filter: Omit<UsageFilter, 'by' | 'zone' | 'group'> & PageQuery,
	options: Signal = {},
) => http.json('GET', '/api/v1/admin/usage/records', usageRecordPageSchema, { query: { ...filter }, ...options });

/** Adds to what somebody owes, or takes away from it; once with the same key. */
export const correctUsage = (http: HttpClient, correction: UsageCorrection, key = newIdempotencyKey()) =>
	http.json('POST', '/api/v1/admin/usage/corrections', usageCorrectedSchema, { body: correction, idempotencyKey: key });

/** The newest first. */
export const listPrices = (http: HttpClient, options: Signal = {}) =>
	http.json('GET', PRICES, z.object({ items: z.array(priceVersionSchema) }), options);

export const setPrices = (http: HttpClient, prices: NewPrices) =>
	http.json('POST', PRICES, priceVersionSchema, { body: prices });

export const withdrawPrices = (http: HttpClient, version: number): Promise<void> =>
	http.call('DELETE', `${PRICES}/${version}`);
