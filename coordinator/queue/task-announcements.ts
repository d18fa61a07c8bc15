import { isFinalTaskState, type TaskState } from '../../shared/protocol/task.ts';
import type { Announcer } from '../report/announcer.ts';
import type { Lease, StoredInput, TaskChange } from './open-task.ts';

export type TaskEvents = {
	/** Tasks changed; one entry each. */
	'task:changed': TaskChange[];
	/** Many tasks of a person changed at once: read them again. */
	'task:many-changed': { ownerSeq: number };
};

/** Makes task changes for whoever watches, and costs nothing when nobody does. */
export class TaskAnnouncements {
	readonly #announcer: Announcer<TaskEvents>;

	constructor(announcer: Announcer<TaskEvents>) {
		this.#announcer = announcer;
	}

	leaseChanged(lease: Lease, state: TaskState): void {
		if (!this.#announcer.hasListeners('task:changed')) return;
		const { task } = lease;
		this.#announcer.announce('task:changed', [
			{
				ownerSeq: task.owner,
				id: lease.id,
				version: task.version,
				type: task.type,
				state,
				progress: state === 'running' ? lease.progress : null,
				phase: state === 'running' ? lease.phase : null,
				file: firstFile(task.payload?.inputs),
				node: state === 'running' || isFinalTaskState(state) ? lease.node : null,
			},
		]);
	}

	/** A task has been stored. */
	submitted(task: { ownerSeq: number; inputs: string }, id: string, state: TaskState, type: string): void {
		if (!this.#announcer.hasListeners('task:changed')) return;
		const { ownerSeq, inputs } = task;
		this.#announcer.announce('task:changed', [
			{ ownerSeq, id, version: 1, type, state, progress: null, phase: null, file: firstFile(inputs), node: null },
		]);
	}

	othersChanged(ownerSeq: number): void {
		this.#announcer.announce('task:many-changed', { ownerSeq });
	}
}

const firstFile = (inputs: string | undefined): string | null =>
	inputs && inputs !== '[]' ? ((JSON.parse(inputs) as StoredInput[])[0]?.file ?? null) : null;
