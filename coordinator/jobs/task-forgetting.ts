import type { Ledger } from '../database/ledger.ts';
import { forgetJob, forgetTasks, readOldJobs, readOldTasks } from './forget-tasks-store.ts';

type Page = { seqs: number[]; next: number | null };

/** Forgets tasks that ended long ago, and jobs when all of theirs have. Each step is a transaction and leaves nothing half done. */
export class TaskForgetting {
	readonly #ledger: Ledger;
	readonly #now: () => number;

	constructor(options: { ledger: Ledger; now?: () => number }) {
		this.#ledger = options.ledger;
		this.#now = options.now ?? Date.now;
	}

	/** Of what ended longer ago than that; says what went. */
	async forget(keptMs: number, signal: AbortSignal): Promise<string> {
		const endedBefore = this.#now() - keptMs;
		let [tasks, jobs] = [0, 0];
		for (let after: number | null = 0; after !== null && !signal.aborted; ) {
			const page: Page = await this.#ledger.read(readOldTasks, { endedBefore, after });
			let { seqs } = page;
			while (seqs.length > 0 && !signal.aborted) {
				const step: { tasks: number; done: number } = await this.#ledger.write(
					forgetTasks,
					{ seqs, endedBefore },
					{ patient: true },
				);
				tasks += step.tasks;
				seqs = seqs.slice(step.done);
			}
			after = page.next;
		}
		for (let after: number | null = 0; after !== null && !signal.aborted; ) {
			const page: Page = await this.#ledger.read(readOldJobs, { endedBefore, after });
			for (const seq of page.seqs) {
				for (let more = true; more && !signal.aborted; ) {
					const step = await this.#ledger.write(forgetJob, { seq, endedBefore }, { patient: true });
					tasks += step.tasks;
					jobs += step.gone ? 1 : 0;
					more = step.more;
				}
			}
			after = page.next;
		}
		return `${tasks} tasks were forgotten, and ${jobs} jobs`;
	}
}
