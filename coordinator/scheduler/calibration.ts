/** Forecasts whose outcome is remembered. */
const WINDOW = 256;
/** With fewer outcomes nothing can be said. */
const LEAST = 20;
/** Part of the outcomes that a range is to hold. */
export const CONFIDENCE = 0.8;
/** Part of the outcomes that may lie beyond each side. */
const OUTSIDE = (1 - CONFIDENCE) / 2;
/** A side lies between these, as logarithms, from where the remembered outcomes have it. */
const FARTHEST = 2;
const NEAREST = 1;
/** How far a side of the range moves out after a miss there, as a logarithm; a hit moves it back by a ninth of that. */
const STEP = 0.05;
/** Below this waits are alike, milliseconds: 10 ms instead of 1 ms is no error of a factor of ten. */
const ALIKE_MS = 1_000;

/** Times from now, in milliseconds. */
export interface Range {
	from: number;
	to: number;
}

/**
 * How far forecasts of waits have been off, and by that the range that holds a stated part of the outcomes. Both sides
 * of the range are widened after a miss there and narrowed after a hit, so that the part holds in the long run
 * whatever the errors are like (adaptive conformal inference, Gibbs and Candes 2021).
 */
export class Calibration {
	/** Logarithms of outcome by forecast, the oldest first. */
	readonly #errors: number[] = [];
	/** How far the sides lie outside of what the remembered outcomes say. */
	#low = 0;
	#high = 0;

	get isReady(): boolean {
		return this.#errors.length >= LEAST;
	}

	/** The range for a forecast, in milliseconds; null as long as too little is known. */
	range(forecast: number): Range | null {
		if (!this.isReady) return null;
		const sorted = [...this.#errors].sort((a, b) => a - b);
		const at = (error: number): number => Math.max(0, (forecast + ALIKE_MS) * Math.exp(error) - ALIKE_MS);
		return { from: at(quantile(sorted, OUTSIDE) - this.#low), to: at(quantile(sorted, 1 - OUTSIDE) + this.#high) };
	}

	/** A wait that had been forecast is over; `judged` when a range was told for it, which held it or not. */
	learn(forecast: number, outcome: number, judged: boolean): void {
		const range = judged ? this.range(forecast) : null;
		if (range) this.#judge(outcome < range.from, outcome > range.to);
		this.#remember(forecast, outcome);
	}

	/** A wait has lasted longer than was told, and goes on. */
	missed(forecast: number, soFar: number): void {
		this.#judge(false, true);
		this.#remember(forecast, soFar);
	}

	#judge(isBelow: boolean, isAbove: boolean): void {
		this.#low = within(this.#low + STEP * ((isBelow ? 1 : 0) - OUTSIDE));
		this.#high = within(this.#high + STEP * ((isAbove ? 1 : 0) - OUTSIDE));
	}

	#remember(forecast: number, outcome: number): void {
		this.#errors.push(Math.log((outcome + ALIKE_MS) / (forecast + ALIKE_MS)));
		if (this.#errors.length > WINDOW) this.#errors.shift();
	}
}

const within = (side: number): number => Math.min(FARTHEST, Math.max(-NEAREST, side));

/** Of a sorted list that is not empty; linear between neighbours. */
export const quantile = (sorted: readonly number[], part: number): number => {
	const at = part * (sorted.length - 1);
	const low = Math.floor(at);
	const a = sorted[low] as number;
	const b = sorted[Math.min(low + 1, sorted.length - 1)] as number;
	return a + (b - a) * (at - low);
};
