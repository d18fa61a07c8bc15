import { prepareActPart } from '../acts/act-store.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import { causeOf, groupOf } from './cause-of.ts';

/** Tasks of one cause in one reading. */
export interface CausePart {
	/** Names the cause: the same in every reading and after every restart. */
	group: string;
	typeSeq: number;
	typeName: string;
	errorCode: string;
	message: string;
	count: number;
	firstAt: number;
	lastAt: number;
	owners: number[];
	nodes: string[];
	/** The newest first. */
	seqs: number[];
	samples: string[];
}

type Row = [
	seq: number,
	id: string,
	owner: number,
	typeSeq: number,
	errorCode: string | null,
	errorMessage: string | null,
	finishedAt: number,
	node: string | null,
	typeName: string,
];

const SAMPLES = 5;

/** Groups the next failed and quarantined tasks, newest first; `nextSeq` is where the following reading begins. */
export const readTroubled = readOperation('queue.read-troubled', (db) => {
	const select = db
		.prepare(
			`SELECT t.seq, t.id, t.owner_seq, t.type_seq, t.error_code, t.error_message, t.finished_at,
			        (SELECT node FROM attempts a WHERE a.task_seq = t.seq ORDER BY a.number DESC LIMIT 1), y.name
			 FROM tasks t JOIN task_types y ON y.seq = t.type_seq
			 WHERE t.state IN ('failed', 'quarantined', 'retrying') AND t.finished_at IS NOT NULL
			   AND t.discarded_at IS NULL AND t.seq < ?
			 ORDER BY t.seq DESC LIMIT ?`,
		)
		.raw();
	return (args: { beforeSeq: number; limit: number; withSeqs: string | null }) => {
		const rows = select.all(args.beforeSeq, args.limit) as Row[];
		const causes = new Map<string, CausePart & { people: Set<number>; on: Set<string> }>();
		for (const [seq, id, owner, typeSeq, code, text, at, node, typeName] of rows) {
			const { errorCode, message, key } = causeOf(typeName, code, text);
			let cause = causes.get(key);
			if (!cause) {
				const group = groupOf(key);
				const counts = { count: 0, firstAt: at, lastAt: at, owners: [], nodes: [], seqs: [], samples: [] };
				cause = { group, typeSeq, typeName, errorCode, message, ...counts, people: new Set(), on: new Set() };
				causes.set(key, cause);
			}
			cause.count += 1;
			cause.firstAt = Math.min(cause.firstAt, at);
			cause.lastAt = Math.max(cause.lastAt, at);
			cause.people.add(owner);
			if (node !== null) cause.on.add(node);
			if (cause.samples.length < SAMPLES) cause.samples.push(id);
			if (cause.group === args.withSeqs) cause.seqs.push(seq);
		}
		const parts = [...causes.values()].map(
			({ people, on, ...cause }): CausePart => ({ ...cause, owners: [...people], nodes: [...on] }),
		);
		return { parts, tasks: rows.length, nextSeq: rows.length === args.limit ? (rows.at(-1)?.[0] ?? null) : null };
	};
});

/** Takes some tasks that failed out of the quarantine, as a part of an act. */
export const discardTasks = writeOperation('queue.discard-tasks', (db) => {
	const discard = db.prepare(
		`UPDATE tasks SET discarded_at = @now WHERE seq = @seq AND state IN ('failed', 'quarantined') AND discarded_at IS NULL`,
	);
	const addPart = prepareActPart(db);
	return (args: { act: number; seqs: readonly number[]; now: number }): { changed: number; skipped: number } => {
		let changed = 0;
		for (const seq of args.seqs) changed += discard.run({ seq, now: args.now }).changes;
		const skipped = args.seqs.length - changed;
		addPart({ act: args.act, changed, skipped, notes: [] });
		return { changed, skipped };
	};
});
