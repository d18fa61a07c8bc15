import { CodedError } from '../../shared/coded-error.ts';
import type { Selection } from '../../shared/protocol/job.ts';
import type { Ledger } from '../database/ledger.ts';
import { type FoundDatasetInput, resolveDatasetInputs } from '../datasets/input-store.ts';
import { pinDatasetPart, readDatasetPart } from '../datasets/selection-store.ts';
import { type FoundInput, resolveInputs } from '../files/input-store.ts';
import { formatPath, parsePath } from '../files/safe-path.ts';
import type { StoredInput } from '../queue/open-task.ts';
import { type FailedTask, readFailedTasks } from './failed-store.ts';
import { readJob } from './job-store.ts';
import { hasFolder, readSelection } from './selection-store.ts';

/** A selection as a job keeps it. */
export type PinnedSelection = Selection & {
	/** Of a folder: what comes in while the job is being made is not meant. */
	createdBefore?: string;
};

/** A file as a task is given it. */
export type Found = FoundInput | FoundDatasetInput;

/** A task that is to be made again, on its files as they are now. */
export type AgainTask = Omit<FailedTask, 'inputs'> & { inputs: (Found | null)[] };

/** The next of a selection. Null stands for a file that is not there, another person's, or in the trash. */
export interface SelectionPage {
	files: (Found | null)[];
	/** Instead of files: tasks of a job. */
	again: AgainTask[] | null;
	/** Why there is nothing more, when it is not that all was read. */
	lost: string | null;
	/** Where the next page begins; null at the end. */
	next: string | null;
}

const NOTHING: SelectionPage = { files: [], again: null, lost: null, next: null };

/** What jobs are over: pinned down when a job begins, and read in pages while its tasks are made. */
export class Selections {
	readonly #ledger: Ledger;

	constructor(ledger: Ledger) {
		this.#ledger = ledger;
	}

	/**
	 * The selection as a job keeps it, so that it stays what it was when it was asked for. Throws `not-found`,
	 * `licence-not-accepted`, and `wrong-state` for a job that is not over.
	 */
	async pin(ownerSeq: number, over: Selection, now: number): Promise<PinnedSelection> {
		if ('folder' in over) {
			const folder = formatPath(parsePath(over.folder));
			if (!(await this.#ledger.read(hasFolder, { ownerSeq, folder }))) {
				throw new CodedError('not-found', `There is no folder ${folder}.`);
			}
			// With its own results it would never end. What is only changed meanwhile is taken as it is then.
			return { ...over, folder, createdBefore: new Date(now + 1).toISOString() };
		}
		if ('dataset' in over) {
			const { dataset, version = null } = over;
			const under = over.under === undefined ? '' : entryPath(over.under);
			const part = { ownerSeq, dataset, version, under: under === '' ? null : under };
			const { under: _, ...whole } = over;
			return { ...whole, ...(under === '' ? {} : { under }), ...(await this.#ledger.read(pinDatasetPart, part)) };
		}
		return over;
	}

	async page(ownerSeq: number, over: PinnedSelection, cursor: string | null, limit: number): Promise<SelectionPage> {
		if ('job' in over) return this.#failed(ownerSeq, over.job, cursor, limit);
		if ('dataset' in over) {
			const { dataset, version = 0, under = null } = over;
			const part = { ownerSeq, dataset, version, under, after: cursor, limit };
			const page = await this.#ledger.read(readDatasetPart, part);
			return page ? { ...NOTHING, ...page } : { ...NOTHING, lost: 'The dataset was taken away before all was made.' };
		}
		return { ...NOTHING, ...(await this.#ledger.read(readSelection, { ownerSeq, over, cursor, limit })) };
	}

	async #failed(ownerSeq: number, job: string, cursor: string | null, limit: number): Promise<SelectionPage> {
		const { seq: jobSeq } = await this.#ledger.read(readJob, job);
		const { tasks, next } = await this.#ledger.read(readFailedTasks, { jobSeq, after: Number(cursor ?? 0), limit });
		const found = (
			await this.#newest(
				ownerSeq,
				tasks.flatMap(({ inputs }) => inputs),
			)
		).values();
		const again = tasks.map((task) => ({ ...task, inputs: task.inputs.map(() => found.next().value ?? null) }));
		return { ...NOTHING, again, next: next === null ? null : String(next) };
	}

	/** Files as they are now, and those of datasets in the version that they were taken from. */
	async #newest(ownerSeq: number, inputs: readonly StoredInput[]): Promise<(Found | null)[]> {
		const files = inputs.flatMap(({ file }) => (file === null ? [] : [{ file }]));
		const others = inputs.flatMap(({ dataset = '', path, version, file }) =>
			file === null ? [{ dataset, path, version }] : [],
		);
		const own = (await this.#ledger.read(resolveInputs, { ownerSeq, inputs: files })).values();
		const theirs = (await this.#inDatasets(ownerSeq, others)).values();
		return inputs.map(({ file }) => (file === null ? theirs : own).next().value ?? null);
	}

	async #inDatasets(ownerSeq: number, inputs: readonly { dataset: string; path: string; version: number }[]) {
		if (inputs.length === 0) return [];
		try {
			return await this.#ledger.read(resolveDatasetInputs, { ownerSeq, inputs });
		} catch (error) {
			// Its licence is another one by now: they are left out, and the others are made.
			if (error instanceof CodedError) return [];
			throw error;
		}
	}
}

/** As entries of datasets are named: without a slash at either end. */
const entryPath = (text: string): string => parsePath(`/${text.replace(/^\/|\/$/g, '')}`).join('/');
