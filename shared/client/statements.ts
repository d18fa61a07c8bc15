import { type StatementFormat, statementSchema } from '../protocol/statement.ts';
import type { CallOptions, HttpClient } from './http-client.ts';

type Signal = Pick<CallOptions, 'signal'>;

/** Whose: one's own, or, for administrators, a person's, a group's or everybody's. */
export type StatementWish = 'own' | { owner?: string | undefined; group?: string | undefined };

const pathOf = (month: string, of: StatementWish): string =>
	`/api/v1/${of === 'own' ? 'me' : 'admin'}/statements/${encodeURIComponent(month)}`;
const queryOf = (of: StatementWish) => (of === 'own' ? {} : { ...of });

/** What was used in a month, and what it costs. */
export const readStatement = (http: HttpClient, month: string, of: StatementWish, options: Signal = {}) =>
	http.json('GET', pathOf(month, of), statementSchema, { query: queryOf(of), ...options });

/** The same as a file: the body is it. */
export const sendStatement = (
	http: HttpClient,
	month: string,
	of: StatementWish,
	format: StatementFormat,
	options: Signal = {},
) => http.send('GET', pathOf(month, of), { query: { ...queryOf(of), format }, timeoutMs: 0, ...options });

/** Where anybody's is, for links of administrators. */
export const statementTarget = (
	month: string,
	of: { owner?: string | undefined; group?: string | undefined },
	format: StatementFormat,
): string => {
	const named = Object.entries(of).filter((pair): pair is [string, string] => pair[1] !== undefined);
	return `${pathOf(month, of)}?${new URLSearchParams([...named, ['format', format]])}`;
};

/** Where one's own is, for links. */
export const ownStatementUrl = (month: string, format: StatementFormat): string =>
	`${pathOf(month, 'own')}?format=${format}`;
