import { type Manifest, manifestSchema } from '../../shared/protocol/task-type.ts';
import { lookInto } from './look-into.ts';

/** The time in which an attempt held its slot, as the ledger has it: by the coordinator's clock, from grant to release. */
export interface Span {
	task: string;
	person: string;
	type: string;
	needs: Manifest['needs'];
	/** Name of the node. */
	node: string;
	/** `running`: a lease that is live. */
	state: string;
	from: number;
	/** Infinite while it is live: whoever holds a lease counts, dead or not. */
	to: number;
}

type Row = Omit<Span, 'needs' | 'to'> & { typeSeq: number; to: number | null };

const SPANS = `SELECT t.id AS task, u.username AS person, y.name AS type, t.type_seq AS typeSeq, n.name AS node, s.state,
	s.started_at AS "from", s.finished_at AS "to"
	FROM (SELECT task_seq, node, state, started_at, finished_at FROM attempts
	      UNION ALL SELECT seq, lease_node, state, started_at, NULL FROM tasks WHERE state = 'running') s
	JOIN tasks t ON t.seq = s.task_seq JOIN users u ON u.seq = t.owner_seq
	JOIN task_types y ON y.seq = t.type_seq JOIN nodes n ON n.id = s.node`;

/** All attempts, over or live. */
export const attemptSpans = (data: string): Span[] => {
	const types = lookInto<{ seq: number; manifest: string }>(data, 'SELECT seq, manifest FROM task_types');
	const needs = new Map(types.map(({ seq, manifest }) => [seq, manifestSchema.parse(JSON.parse(manifest)).needs]));
	return lookInto<Row>(data, SPANS).map(({ typeSeq, to, ...row }) => ({
		...row,
		needs: needs.get(typeSeq) as Manifest['needs'],
		to: to ?? Number.POSITIVE_INFINITY,
	}));
};

/** The most that spans weighed together at any moment. What ends in the millisecond in which another begins made room for it. */
export const mostAtOnce = (spans: readonly Span[], weigh: (span: Span) => number): number => {
	const steps: { at: number; by: number }[] = [];
	for (const span of spans) {
		const weight = weigh(span);
		// An attempt that began and ended in one millisecond cannot be told from its neighbours in it.
		if (weight > 0 && span.to > span.from) steps.push({ at: span.from, by: weight }, { at: span.to, by: -weight });
	}
	steps.sort((a, b) => a.at - b.at || a.by - b.by);
	let most = 0;
	let now = 0;
	for (const { by } of steps) {
		now += by;
		most = Math.max(most, now);
	}
	return most;
};

/** Slot time in milliseconds that the spans used between two moments. */
export const slotTime = (spans: readonly Span[], from: number, to: number): number =>
	spans.reduce((sum, span) => sum + Math.max(0, Math.min(span.to, to) - Math.max(span.from, from)), 0);

/** From the first to the last moment in which all of these had work in line, if they came in line before the first start. */
export const sharedWindow = (groups: readonly (readonly Span[])[]): { from: number; to: number } => ({
	from: Math.min(...groups.flat().map((span) => span.from)),
	to: Math.min(...groups.map((spans) => Math.max(...spans.map((span) => span.from)))),
});
