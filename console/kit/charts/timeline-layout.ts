/** Something that lasted, in milliseconds since 1970; without an end it still goes on. */
export interface TimelineSpan {
	id: string;
	/** What it is called, such as a task's type. */
	word: string;
	/** How it ended or that it runs, in words. */
	state: string;
	/** One of the theme's colours. */
	color: 'indigo' | 'teal' | 'orange' | 'grape' | 'red' | 'gray';
	from: number;
	until: number | null;
}

export interface Placed {
	span: TimelineSpan;
	lane: number;
	/** Shares of the whole width. */
	x: number;
	width: number;
}

interface TimelineLayout {
	/** In the order of their beginnings. */
	placed: readonly Placed[];
	lanes: number;
	/** Of those that lie in this time; in too many lanes some are not drawn. */
	hidden: number;
}

/** Wide enough to be seen and hit, as a share of the width. */
const LEAST_WIDTH = 0.003;

/**
 * Puts what overlaps into lanes: each into the first that is free again, as slots are given out. Lanes beyond `mostLanes`
 * are not drawn but counted.
 */
export const layTimeline = (
	spans: readonly TimelineSpan[],
	{ from, until, mostLanes }: { from: number; until: number; mostLanes: number },
): TimelineLayout => {
	const length = Math.max(1, until - from);
	const seen = spans
		.filter((span) => span.from < until && (span.until ?? until) >= from)
		.toSorted((a, b) => a.from - b.from || (a.id < b.id ? -1 : 1));
	/** Where each lane is free again. */
	const freeAt: number[] = [];
	const placed: Placed[] = [];
	for (const span of seen) {
		const x = Math.max(0, span.from - from) / length;
		const end = Math.min(1, ((span.until ?? until) - from) / length);
		const width = Math.min(1 - Math.min(x, 1 - LEAST_WIDTH), Math.max(LEAST_WIDTH, end - x));
		const free = freeAt.findIndex((at) => at <= x);
		const lane = free < 0 ? freeAt.length : free;
		if (lane >= mostLanes) continue;
		freeAt[lane] = x + width;
		placed.push({ span, lane, x: Math.min(x, 1 - LEAST_WIDTH), width });
	}
	return { placed, lanes: freeAt.length, hidden: seen.length - placed.length };
};

const STEPS_MS = [
	...[1, 5, 10, 30].map((seconds) => seconds * 1_000),
	...[1, 5, 10, 30].map((minutes) => minutes * 60_000),
	...[1, 2, 4, 6, 12, 24, 48, 168].map((hours) => hours * 3_600_000),
];
const MOST_TICKS = 7;

/** Round times to write under it. */
export const ticksOf = (from: number, until: number): { at: number; x: number }[] => {
	const length = Math.max(1, until - from);
	const step = STEPS_MS.find((each) => length / each <= MOST_TICKS) ?? Math.ceil(length / MOST_TICKS);
	const ticks: { at: number; x: number }[] = [];
	for (let at = Math.ceil(from / step) * step; at <= until; at += step) ticks.push({ at, x: (at - from) / length });
	return ticks;
};

/** What it shows, in a sentence. */
export const timelineSummary = (spans: readonly TimelineSpan[], what: (count: number) => string): string => {
	const counts = new Map<string, number>();
	for (const { state } of spans) counts.set(state, (counts.get(state) ?? 0) + 1);
	const parts = [...counts].sort(([, a], [, b]) => b - a).map(([state, count]) => `${count} ${state.toLowerCase()}`);
	return spans.length === 0 ? `${what(0)}.` : `${what(spans.length)}: ${parts.join(', ')}.`;
};
