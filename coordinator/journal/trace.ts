import type { Ledger } from '../database/ledger.ts';
import type { NodeOffer } from '../scheduler/node-slots.ts';
import type { ReadyTask } from '../scheduler/ready-task.ts';
import type { QueueRules } from '../scheduler/scheduler.ts';
import type { ClassRules } from '../scheduler/service-class.ts';
import type { TypeCost } from '../scheduler/type-costs.ts';
import { readJournal } from './journal-reader.ts';
import { readEpochs } from './journal-store.ts';
import type { RunningTask } from './line-state.ts';
import { TraceReducer } from './trace-reducer.ts';

/** A change of what there is to decide with. Times are wall times in milliseconds. */
export type TraceChange = { at: number } & (
	| { what: 'queues'; queues: readonly QueueRules[] }
	| { what: 'classes'; classes: readonly ClassRules[] }
	| { what: 'node'; node: NodeOffer }
	| { what: 'node-gone'; id: string }
);

/** What came, what went and what was decided in a period. A task that is tried again arrives again. */
export interface Trace {
	from: number;
	to: number;
	initial: {
		queues: readonly QueueRules[];
		classes: readonly ClassRules[];
		nodes: readonly NodeOffer[];
		/** In the order in which they came in line. */
		line: readonly ReadyTask[];
		running: readonly RunningTask[];
		/** The newest costs of each type that the scheduler knew of, oldest first within a type. */
		costs: readonly TypeCost[];
	};
	changes: readonly TraceChange[];
	arrivals: readonly { at: number; task: ReadyTask }[];
	/** Changed while they stood in line: moved to another class or queue, boosted or not any more. They wait on. */
	alterations: readonly { at: number; task: ReadyTask }[];
	/** Taken out of line without having run: cancelled, expired, held. */
	removals: readonly { at: number; seq: number }[];
	starts: readonly { at: number; seq: number; node: string; inputs: readonly string[] }[];
	/** `cost` is the time in its slot; null when it was not its owner's doing (a node that was lost, a drain). */
	ends: readonly { at: number; seq: number; cost: number | null }[];
	/** Moments at which the coordinator started anew. */
	restarts: readonly number[];
	/** Times of which something is missing. */
	gaps: readonly { from: number; to: number; lost: number | null }[];
	/** There was more than could be held: the trace ends before `to`, where `to` says. */
	isCut: boolean;
}

/** What a trace may hold, all its lists together. */
const MOST_ENTRIES = 4_000_000;

/** The trace of a period of wall time. It reads from the beginning of the epoch in which `from` lies; `tell` hears how far. */
export const readTrace = async (
	ledger: Pick<Ledger, 'read'>,
	{ from, to, most = MOST_ENTRIES, tell }: { from: number; to: number; most?: number; tell?: (share: number) => void },
): Promise<Trace> => {
	const reducer = new TraceReducer({ from, to, most });
	const epochs = await ledger.read(readEpochs, { from, to });
	const [first, last] = [epochs[0], epochs.at(-1)];
	if (first && last) {
		for await (const part of readJournal(ledger, { fromEpoch: first.epoch, toEpoch: last.epoch })) {
			if (!reducer.take(part)) break;
			const latest = part.kind === 'events' ? part.events.at(-1) : undefined;
			if (tell && part.kind === 'events' && latest) tell((part.at(latest) - first.fromAt) / (to - first.fromAt));
		}
	}
	return reducer.finish();
};
