import type { QueuePulse } from '../../shared/protocol/queue.ts';
import type { Announcer } from '../report/announcer.ts';
import type { QueueEvents } from './queue-events.ts';

/** Rates are told over so many looks: of a single second they would only flicker. */
const RATE_LOOKS = 10;
const TREND_STEP_MS = 10_000;
const TREND_STEPS = 60;

/** What one look found of a queue. */
interface Found {
	depth: number;
	/** When the first of those in line came; null: there is none. */
	oldest: number | null;
	running: number;
	/** Since the look before. */
	in: number;
	out: number;
}

interface Seat {
	/** Newest last. */
	looks: { in: number; out: number; seconds: number }[];
	trend: number[];
	pulse: QueuePulse;
	/** The pulse that was told last, as text. */
	told: string | null;
}

interface Steered {
	name: string;
	paused: boolean;
	drainingAt: number | null;
}

/** How every queue is doing now and was lately; told each second to whoever listens, and only what has changed. */
export class QueueBoard {
	readonly #announcer: Pick<Announcer<QueueEvents>, 'announce' | 'hasListeners'>;
	readonly #rows: () => readonly Steered[];
	readonly #seats = new Map<string, Seat>();
	/** Names that were told and are not there any more. */
	#gone: string[] = [];
	#stepAt = 0;
	#isNewStep = false;
	/** When it was looked last, in milliseconds. */
	lookedAt = 0;

	constructor(options: {
		announcer: Pick<Announcer<QueueEvents>, 'announce' | 'hasListeners'>;
		rows: () => readonly Steered[];
	}) {
		this.#announcer = options.announcer;
		this.#rows = options.rows;
	}

	/** Null until it has been looked at. */
	pulse(name: string): QueuePulse | null {
		return this.#seats.get(name)?.pulse ?? null;
	}

	/** The most that stood in line in each ten seconds, the newest last. */
	trend(name: string): readonly number[] {
		return this.#seats.get(name)?.trend ?? [];
	}

	/**
	 * Somebody reads a queue as it is at this moment. Where that is not what was looked at last, the next look tells it
	 * anew: it may be as it was told before by then, and whoever has read must learn that.
	 */
	read(name: string, now: Pick<QueuePulse, 'queued' | 'paused' | 'draining'>): void {
		const seat = this.#seats.get(name);
		if (!seat) return;
		const { queued, paused, draining } = seat.pulse;
		if (queued !== now.queued || paused !== now.paused || draining !== now.draining) seat.told = null;
	}

	/** Takes in one look at all queues, which was so many seconds after the one before, and tells what has changed. */
	looked(now: number, seconds: number, find: (name: string) => Found): void {
		this.lookedAt = now;
		this.#isNewStep = now - this.#stepAt >= TREND_STEP_MS || now < this.#stepAt;
		if (this.#isNewStep) this.#stepAt = now;
		const rows = this.#rows();
		const names = new Set(rows.map(({ name }) => name));
		for (const name of this.#seats.keys()) {
			if (names.has(name)) continue;
			this.#seats.delete(name);
			this.#gone.push(name);
		}
		for (const row of rows) this.#note(row, find(row.name), seconds);
		this.#tell(now);
	}

	#note({ name, paused, drainingAt }: Steered, found: Found, seconds: number): void {
		const known = this.#seats.get(name);
		const looks = known?.looks ?? [];
		looks.push({ in: found.in, out: found.out, seconds });
		if (looks.length > RATE_LOOKS) looks.shift();
		const trend = known?.trend ?? [];
		if (this.#isNewStep || trend.length === 0) trend.push(found.depth);
		else trend[trend.length - 1] = Math.max(trend.at(-1) ?? 0, found.depth);
		if (trend.length > TREND_STEPS) trend.shift();
		const pulse: QueuePulse = {
			name,
			queued: found.depth,
			running: found.running,
			oldestAt: found.oldest === null ? null : new Date(found.oldest).toISOString(),
			inPerSecond: rateOf(looks, 'in'),
			outPerSecond: rateOf(looks, 'out'),
			paused,
			draining: drainingAt !== null,
		};
		this.#seats.set(name, { looks, trend, pulse, told: known?.told ?? null });
	}

	/** Whoever begins to listen is told all of them once. */
	#tell(at: number): void {
		if (!this.#announcer.hasListeners('queue:measured')) {
			for (const seat of this.#seats.values()) seat.told = null;
			this.#gone = [];
			return;
		}
		const pulses: QueuePulse[] = [];
		for (const seat of this.#seats.values()) {
			const text = JSON.stringify(seat.pulse);
			if (text === seat.told) continue;
			seat.told = text;
			pulses.push(seat.pulse);
		}
		const gone = this.#gone;
		this.#gone = [];
		if (pulses.length + gone.length > 0) this.#announcer.announce('queue:measured', { at, pulses, gone });
	}
}

const rateOf = (looks: readonly { in: number; out: number; seconds: number }[], way: 'in' | 'out'): number => {
	let count = 0;
	let seconds = 0;
	for (const look of looks) {
		count += look[way];
		seconds += look.seconds;
	}
	return Math.round((count / Math.max(1, seconds)) * 100) / 100;
};
