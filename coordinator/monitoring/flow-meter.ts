import { FAILURE_REASONS, type FailureReason } from '../../shared/protocol/history.ts';
import { WaitHistogram } from '../scheduler/wait-histogram.ts';

/** What came, started and ended of one queue or class since the start. */
export interface FlowTotals {
	in: number;
	started: number;
	out: number;
	failed: Record<FailureReason, number>;
}

/** What happened of it since the look before. */
export interface FlowPace extends FlowTotals {
	/** Waits of those that started. */
	waits: WaitHistogram;
}

const none = (): FlowTotals => ({
	in: 0,
	started: 0,
	out: 0,
	failed: Object.fromEntries(FAILURE_REASONS.map((reason) => [reason, 0])) as Record<FailureReason, number>,
});

/** Counts of one queue, one class, or everything: all since the start, and what is new since the last look. */
export class FlowMeter {
	readonly totals = none();
	#before = none();
	#waits = new WaitHistogram();

	cameIn(): void {
		this.totals.in += 1;
	}

	/** `waitMs` is null for one that has run before: what it waited then is not waiting. */
	started(waitMs: number | null): void {
		this.totals.started += 1;
		if (waitMs !== null) this.#waits.add(waitMs);
	}

	ended(failure: FailureReason | null): void {
		this.totals.out += 1;
		if (failure !== null) this.totals.failed[failure] += 1;
	}

	take(): FlowPace {
		const { totals } = this;
		const before = this.#before;
		const waits = this.#waits;
		this.#waits = new WaitHistogram();
		this.#before = { ...totals, failed: { ...totals.failed } };
		return {
			in: totals.in - before.in,
			started: totals.started - before.started,
			out: totals.out - before.out,
			failed: Object.fromEntries(
				FAILURE_REASONS.map((reason) => [reason, totals.failed[reason] - before.failed[reason]]),
			) as Record<FailureReason, number>,
			waits,
		};
	}
}
