import { type TaskSubmission, taskSubmissionSchema } from '../../shared/protocol/task.ts';
import type { NewTask } from '../queue/submit-store.ts';
import { plainOrigin } from '../queue/task-origin-store.ts';
import type { SourceRow } from './source-row.ts';

/** Checks a task as if its owner submitted it, and makes it ready to be stored. */
export type PrepareTask = (
	ownerSeq: number,
	submission: TaskSubmission,
	now: number,
	mayNameAny?: boolean,
) => Promise<NewTask>;

/** What one decides who makes or changes a source. */
export interface SourceWork {
	type: string;
	parameters: Record<string, unknown>;
	secrets: Record<string, string>;
}

/** How a run is to wait in line, where its type and its owner’s class do not say. */
export type RunTerms = Pick<TaskSubmission, 'routingKey' | 'serviceClass'> & { priority?: number };

/** A run of what is to be a source. Throws a CodedError when it could not be submitted. */
export const taskOfWork = (
	prepare: PrepareTask,
	{ type, parameters, secrets }: SourceWork,
	of: { ownerSeq: number; now: number; mayNameAny?: boolean; terms?: RunTerms },
): Promise<NewTask> => {
	const { ownerSeq, now, mayNameAny = false, terms = {} } = of;
	return prepare(ownerSeq, taskSubmissionSchema.parse({ ...terms, type, parameters, secrets }), now, mayNameAny);
};

export const workOf = ({ type, parameters, secrets }: SourceRow): SourceWork => ({
	type,
	parameters: JSON.parse(parameters) as SourceWork['parameters'],
	secrets: JSON.parse(secrets) as SourceWork['secrets'],
});

/** A run of a source as it is now; where it begins is filled in by the transaction that stores it. */
export const taskOfSource = async (
	prepare: PrepareTask,
	source: SourceRow,
	of: { now: number; scheduleSeq: number | null; mayNameAny?: boolean; terms?: RunTerms },
): Promise<NewTask> => {
	const task = await taskOfWork(prepare, workOf(source), { ...of, ownerSeq: source.ownerSeq });
	const { scheduleSeq } = of;
	const cause = scheduleSeq === null ? 'demand' : 'schedule';
	const origin = { ...plainOrigin(cause), scheduleSeq, sourceSeq: source.seq, given: task.origin?.given ?? null };
	return { ...task, origin };
};
