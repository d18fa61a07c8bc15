import { Calibration, type Range } from './calibration.ts';

/** At most one task in so many milliseconds is followed: a forecast takes time, and the more so the more people's lines there are. */
const SAMPLE_EVERY_MS = 250;
const LINES_IN_THAT_TIME = 20_000;
/** So many looks take it once through the line, or more where that would be many steps a look. */
const STEPS_A_WALK = 200;
const MOST_STEPS = 500;
/** Forecasts that are followed at a time. */
const MOST_SAMPLES = 1_000;
/** Waits up to these are told apart, milliseconds: what is off by how much depends on how far one looks ahead. */
const HORIZONS_MS = [15_000, 120_000, 1_200_000];

/** About how long a task in line will wait, and the kind of work whose forecasts are off in the same way. */
export interface Estimate {
	wait: number;
	group: string;
}

interface Sample {
	calibrations: Calibration[];
	madeAt: number;
	forecast: number;
	/** It was told to start by then; null if nothing could be told. */
	until: number | null;
}

const NONE: readonly Sample[] = [];

/**
 * Forecasts of when tasks in line start. Some tasks are followed from the forecast to the start: by them it learns how
 * far off it is. One that has not started by the end of its range is learnt from at once, or a jam would be noticed
 * only when it is over.
 */
export class StartForecasts {
	readonly #lines: () => number;
	readonly #estimate: (seq: number, now: number) => Estimate | null;
	readonly #line: ReadonlyMap<number, unknown>;
	/** Where in the line it looked last. */
	#walk: Iterator<number> | null = null;
	readonly #samples = new Map<number, Sample[]>();
	readonly #calibrations = new Map<string, Calibration>();
	#count = 0;
	#sampleAt = Number.NEGATIVE_INFINITY;
	#turn = 0;

	/** `line` has the seqs of all that stand in line; `lines` counts the lines of people in which they do. */
	constructor(
		line: ReadonlyMap<number, unknown>,
		lines: () => number,
		estimate: (seq: number, now: number) => Estimate | null,
	) {
		this.#line = line;
		this.#lines = lines;
		this.#estimate = estimate;
	}

	/** Nobody will ask: no task is followed any more. Where time is simulated that is most of the work. */
	stop(): void {
		this.#sampleAt = Number.POSITIVE_INFINITY;
	}

	/** In how long a task in line starts; null when that is not known. */
	range(seq: number, now: number): Range | null {
		const estimate = this.#estimate(seq, now);
		return estimate && this.rangeOf(estimate);
	}

	/** What an estimate has come to so far; null when too little is known of such ones. */
	rangeOf(estimate: Estimate): Range | null {
		return rangeOf(this.#calibrationsOf(estimate), estimate.wait);
	}

	/** Something happens: now and then it follows the task that has just come, if one has, or the next one of those that wait. */
	look(now: number, arrived: number | null): void {
		if (now < this.#sampleAt) return;
		this.#sampleAt = now + SAMPLE_EVERY_MS * Math.max(1, this.#lines() / LINES_IN_THAT_TIME);
		this.#turn += 1;
		this.#noteLate(now);
		if (this.#count >= MOST_SAMPLES) return;
		const seq = arrived !== null && this.#turn % 2 === 0 ? arrived : this.#nextInLine();
		if (seq !== null) this.#follow(seq, now);
	}

	/** A task has started: it is known how long it has waited. */
	started(seq: number, now: number): void {
		for (const { calibrations, forecast, madeAt, until } of this.#samples.get(seq) ?? NONE) {
			for (const calibration of calibrations) calibration.learn(forecast, now - madeAt, until !== null);
		}
		this.withdrawn(seq);
	}

	/** A task is not in line any more: its wait is not followed. */
	withdrawn(seq: number): void {
		const samples = this.#samples.get(seq);
		if (!samples) return;
		this.#samples.delete(seq);
		this.#count -= samples.length;
	}

	#follow(seq: number, now: number): void {
		const estimate = this.#estimate(seq, now);
		if (!estimate) return;
		const calibrations = this.#calibrationsOf(estimate);
		const range = rangeOf(calibrations, estimate.wait);
		const sample = { calibrations, madeAt: now, forecast: estimate.wait, until: range && now + range.to };
		const before = this.#samples.get(seq) ?? [];
		// Put last: it has been looked at.
		this.#samples.delete(seq);
		this.#samples.set(seq, [...before, sample]);
		this.#count += 1;
	}

	#noteLate(now: number): void {
		for (const samples of this.#samples.values()) {
			for (const sample of samples) {
				if (sample.until === null || now <= sample.until) continue;
				sample.until = null;
				for (const calibration of sample.calibrations) calibration.missed(sample.forecast, now - sample.madeAt);
			}
		}
	}

	/** From the most special to the most general. */
	#calibrationsOf({ wait, group }: Estimate): Calibration[] {
		const horizon = HORIZONS_MS.findIndex((most) => wait <= most);
		return [`${group} ${horizon}`, group, ''].map((key) => {
			let calibration = this.#calibrations.get(key);
			if (!calibration) {
				calibration = new Calibration();
				this.#calibrations.set(key, calibration);
			}
			return calibration;
		});
	}

	/** Goes through the whole line again and again, in steps: who submits many at once teaches by all of them. */
	#nextInLine(): number | null {
		let seq: number | null = null;
		for (let step = Math.min(MOST_STEPS, Math.ceil(this.#line.size / STEPS_A_WALK)); step > 0; step -= 1) {
			this.#walk ??= this.#line.keys();
			const next = this.#walk.next();
			if (next.done) this.#walk = null;
			else seq = next.value;
		}
		return seq;
	}
}

const rangeOf = (calibrations: readonly Calibration[], wait: number): Range | null =>
	calibrations.find(({ isReady }) => isReady)?.range(wait) ?? null;
