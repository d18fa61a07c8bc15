import { z } from 'zod';
import type { JobOutput, ResultListQuery, ResultView } from '../../shared/protocol/result.ts';
import type { Ledger } from '../database/ledger.ts';
import { readCursor, writeCursor } from '../files/cursor.ts';
import { listJobOutputs, listResults } from './result-list-store.ts';

interface Page<T> {
	items: T[];
	nextCursor: string | null;
}

const seqSchema = z.number().int().min(0);
const resultPlaceSchema = z.strictObject({ at: seqSchema, fileSeq: seqSchema, version: seqSchema });
const outputPlaceSchema = z.strictObject({ taskSeq: seqSchema, name: z.string().max(1_000) });

const pageOf = <T>({ items, next }: { items: T[]; next: object | null }): Page<T> => ({
	items,
	nextCursor: next === null ? null : writeCursor(next),
});

/** Lists what came out of a person's tasks. Whose they are goes with every question: others' are not there. */
export class Results {
	readonly #ledger: Ledger;

	constructor(options: { ledger: Ledger }) {
		this.#ledger = options.ledger;
	}

	/** Files that tasks made, newest first. */
	async list(ownerSeq: number, query: ResultListQuery): Promise<Page<ResultView>> {
		const { limit, cursor, job = null, recipe = null, task = null } = query;
		const before = readCursor(cursor, resultPlaceSchema);
		return pageOf(await this.#ledger.read(listResults, { ownerSeq, job, recipe, task, before, limit }));
	}

	/** All outputs of a job's tasks, whether they became files or stay with their task. Throws `not-found`. */
	async ofJob(
		ownerSeq: number,
		job: string,
		query: { limit: number; cursor?: string | undefined },
	): Promise<Page<JobOutput>> {
		const after = readCursor(query.cursor, outputPlaceSchema);
		return pageOf(await this.#ledger.read(listJobOutputs, { ownerSeq, job, after, limit: query.limit }));
	}
}
