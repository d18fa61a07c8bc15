import type { Lane } from './lane.ts';
import type { LaneTable } from './lane-table.ts';
import { type Line, lineBefore, shareBefore } from './line.ts';
import type { NodeSlots } from './node-slots.ts';
import type { ReadyTask } from './ready-task.ts';
import { bandOf, IDLE_ONLY } from './service-class.ts';
import type { Shares } from './shares.ts';

/** A band that has had no start in a lane for so long goes as if it were one band higher; and one more for each time more. */
export const AGEING_MS = 5 * 60_000;

/**
 * Of which line a task starts next, and where. The highest band first, except that a lower one goes when it has aged
 * above it: so a band waits at most (difference of the bands + 1) times the ageing time, plus one start for each other that is
 * overdue. Idle-only classes come when nothing else can start, and
 * not at all unless `mayIdle`. `place` finds the node for a lane, and parks the lane when there is none: only what could
 * start counts as going before anything.
 * Takes time with classes and lanes, which are few, and hardly any with people and tasks.
 */
export const nextStart = <T extends ReadyTask>(
	{ lanes, shares }: { lanes: LaneTable<T>; shares: Shares<T> },
	place: (lane: Lane<T>) => NodeSlots | null,
	now: number,
	mayIdle: boolean,
): { line: Line<T>; node: NodeSlots } | null => {
	for (;;) {
		const line = firstByBand(lanes, shares, now, mayIdle);
		if (!line) return null;
		const node = place(line.lane);
		if (!node) continue;
		const overdue = firstOverdue(lanes.open, line, now);
		if (!overdue) return { line, node };
		const itsNode = place(overdue.lane);
		if (itsNode) return { line: overdue, node: itsNode };
	}
};

/** Looks only into classes that would go before the best one so far: people are compared in few of them. */
const firstByBand = <T extends ReadyTask>(
	lanes: LaneTable<T>,
	shares: Shares<T>,
	now: number,
	mayIdle: boolean,
): Line<T> | null => {
	let best: Line<T> | null = null;
	for (const share of shares.classes) {
		for (const boosted of BOOSTED_OR_NOT) {
			const people = share.peopleOf(boosted);
			const band = bandOf(share.rules, boosted);
			if (people.isEmpty || (!mayIdle && band === IDLE_ONLY)) continue;
			if (best && (band < best.stand.band || (band === best.stand.band && !shareBefore(share, best.flow.share))))
				continue;
			const within = share.startable(lanes, now);
			best = people.first(within)?.next(within) ?? best;
		}
	}
	return best;
};

const BOOSTED_OR_NOT = [true, false];

/** By their bands alone. */
export const bandBefore = <T extends ReadyTask>(a: Line<T>, b: Line<T>): boolean => a.stand.band > b.stand.band;

interface Aged<T extends ReadyTask> {
	line: Line<T>;
	since: number;
	/** With its age. */
	band: number;
}

/** The line that has aged most above this one, which would be first. */
const firstOverdue = <T extends ReadyTask>(open: ReadonlySet<Lane<T>>, top: Line<T>, now: number): Line<T> | null => {
	let best: Aged<T> | null = null;
	for (const lane of open) {
		for (const stand of lane.stands) {
			const { waitingSince } = stand;
			if (stand.band >= top.stand.band || stand.band === IDLE_ONLY) continue;
			const band = stand.band + Math.floor((now - waitingSince) / AGEING_MS);
			const first = band > top.stand.band && stand.first(now);
			if (!first) continue;
			const aged = { line: first, since: waitingSince, band };
			if (!best || agedBefore(aged, best)) best = aged;
		}
	}
	return best?.line ?? null;
};

const agedBefore = <T extends ReadyTask>(a: Aged<T>, b: Aged<T>): boolean => {
	if (a.band !== b.band) return a.band > b.band;
	return a.since === b.since ? lineBefore(a.line, b.line) : a.since < b.since;
};
