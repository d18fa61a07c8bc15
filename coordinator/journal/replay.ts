import type { JournalEvent } from './event.ts';
import type { JournalPart } from './journal-reader.ts';
import { ReplayCore } from './replay-core.ts';

/** Where the core decided otherwise than is written. */
export interface Difference {
	at: number;
	/** Number of the event in its epoch, from 0. */
	event: number;
	do: JournalEvent['do'];
	/** Each `seq on node`. */
	written: readonly string[];
	decided: readonly string[];
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

const writtenIn = (event: JournalEvent): string[] => {
	if (event.do === 'pick') return event.starts.map(({ seq, node }) => `${seq} on ${node}`);
	return event.do === 'preempt' ? event.asked.map((seq) => `${seq}`) : [];
};

const same = (a: readonly string[], b: readonly string[]): boolean =>
	a.length === b.length && a.every((one, i) => one === b[i]);

/** Tells a fresh core everything again, epoch by epoch, and compares each decision with the one that was written down. */
export const replayJournal = async function* (parts: AsyncIterable<JournalPart>): AsyncGenerator<ReplayedEpoch> {
	let run: { core: ReplayCore; result: ReplayedEpoch } | null = null;
	for await (const part of parts) {
		if (part.kind === 'begin') {
			if (run) yield run.result;
			const { epoch, at } = part;
			const result = { epoch, from: at, events: 0, decisions: 0, difference: null, missingFrom: null };
			run = { core: new ReplayCore(), result };
			continue;
		}
		const { core, result } = run!;
		if (result.difference || result.missingFrom !== null) continue;
		if (part.kind === 'gap') {
			result.missingFrom = part.from;
			continue;
		}
		for (const event of part.events) {
			const decisions = core.apply(event);
			const decided = decisions.map(({ task: { seq }, node }) =>
				event.do === 'pick' ? `${seq} on ${node}` : `${seq}`,
			);
			const written = writtenIn(event);
			if (!same(written, decided)) {
				result.difference = { at: part.at(event), event: result.events, do: event.do, written, decided };
				break;
			}
			result.events += 1;
			result.decisions += decided.length;
		}
	}
	if (run) yield run.result;
};
