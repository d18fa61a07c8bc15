import { Scheduler } from '../scheduler/scheduler.ts';
import { replayEvent, type Start } from './event.ts';
import type { JournalPart } from './journal-reader.ts';

/** Where the core decided otherwise than is written. */
export interface Difference {
	at: number;
	/** Number of the event in its epoch, from 0. */
	event: number;
	written: readonly Start[];
	decided: readonly Start[];
}

/** What came of replaying an epoch. */
export interface ReplayedEpoch {
	epoch: number;
	from: number;
	events: number;
	decisions: number;
	/** Null: all were equal. */
	difference: Difference | null;
	/** From here something is missing, so that nothing after it could be replayed; null: nothing is. */
	missingFrom: number | null;
}

const same = (a: readonly Start[], b: readonly Start[]): boolean =>
	a.length === b.length && a.every(({ seq, node }, i) => seq === b[i]?.seq && node === b[i]?.node);

/** Tells a fresh core everything again, epoch by epoch, and compares each decision with the one that was written down. */
export const replayJournal = async function* (parts: AsyncIterable<JournalPart>): AsyncGenerator<ReplayedEpoch> {
	let run: { core: Scheduler; result: ReplayedEpoch } | null = null;
	for await (const part of parts) {
		if (part.kind === 'begin') {
			if (run) yield run.result;
			const { epoch, at } = part;
			const result = { epoch, from: at, events: 0, decisions: 0, difference: null, missingFrom: null };
			run = { core: new Scheduler(), result };
			continue;
		}
		const { core, result } = run!;
		if (result.difference || result.missingFrom !== null) continue;
		if (part.kind === 'gap') {
			result.missingFrom = part.from;
			continue;
		}
		for (const event of part.events) {
			const decided = replayEvent(core, event).map(({ task, node }) => ({ seq: task.seq, node }));
			if (event.do === 'pick' && !same(event.starts, decided)) {
				result.difference = { at: part.at(event), event: result.events, written: event.starts, decided };
				break;
			}
			result.events += 1;
			result.decisions += decided.length;
		}
	}
	if (run) yield run.result;
};
