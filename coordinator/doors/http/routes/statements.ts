import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import {
	adminStatementQuerySchema,
	monthSchema,
	type Statement,
	type StatementFormat,
	statementQuerySchema,
	statementSchema,
} from '../../../../shared/protocol/statement.ts';
import type { Accounting } from '../../../accounting/accounting.ts';
import { statementCsv } from '../../../accounting/statement-csv.ts';
import type { StatementPrinter } from '../../../accounting/statement-printer.ts';
import { type AnyRoute, defineRoute } from '../route.ts';
import { CSV_TYPE, sendBytes } from '../send-bytes.ts';

const params = z.strictObject({ month: monthSchema });

const MEDIA_TYPES = { csv: CSV_TYPE, pdf: 'application/pdf' };

export const statementRoutes = ({
	accounting: { statements },
	printer,
}: {
	accounting: Accounting;
	printer: StatementPrinter;
}): AnyRoute[] => {
	const answer = async (statement: Statement, format: StatementFormat, reply: FastifyReply) => {
		if (format === 'json') return statement;
		const bytes = Buffer.from(format === 'csv' ? statementCsv(statement) : await printer.print(statement));
		const name = ['statement', statement.month, statement.of.id].filter((part) => part !== null).join('-');
		return sendBytes(reply, bytes, { name: `${name}.${format}`, type: MEDIA_TYPES[format] });
	};
	return [
		defineRoute({
			method: 'GET',
			path: '/api/v1/me/statements/:month',
			access: { verb: 'read', kind: 'usage' },
			summary: 'What one used in a month and what it costs, as JSON, CSV or PDF; so far while the month is not over',
			tag: 'usage',
			mostAtOnce: 2,
			params,
			query: statementQuerySchema,
			answers: { 200: statementSchema },
			handler: async ({ actor, params: { month }, query, reply }) =>
				answer(await statements.of(month, { owner: actor.userId }), query.format, reply),
		}),
		defineRoute({
			method: 'GET',
			path: '/api/v1/admin/statements/:month',
			access: { verb: 'read', kind: 'accounting' },
			summary: 'The same of a person, a group, or, with neither, everybody',
			tag: 'usage',
			mostAtOnce: 2,
			params,
			query: adminStatementQuerySchema,
			answers: { 200: statementSchema },
			handler: async ({ params: { month }, query: { format, ...of }, reply }) =>
				answer(await statements.of(month, of), format, reply),
		}),
	];
};
