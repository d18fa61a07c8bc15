import { setMaxListeners } from 'node:events';
import type { Assignment, AttemptRef, ReportedUsage } from '../../shared/protocol/agent-link.ts';
import type { Redactor } from '../../shared/redact.ts';
import { type AttemptMeter, toMicroseconds } from '../runner/attempt-meter.ts';

/**
 * Why an attempt is being stopped. `preempted` gives it back because other work needs the slot; `void` settles nothing (it is no longer this node's); `timeout` is the time limit,
 * `memory` the memory limit, `leaving` an agent that ends without waiting.
 */
export type StopReason = 'cancelled' | 'preempted' | 'void' | 'timeout' | 'memory' | 'leaving';

/**
 * One attempt on this node. Stages: `fetching` (inputs) -> `running` (in a child) -> `uploading` (outputs) -> gone.
 * All times are milliseconds of `performance.now()`.
 */
export class Attempt {
	readonly assignment: Assignment;
	readonly ref: AttemptRef;
	/** Number of the run in its child; unique on this agent. */
	readonly run: number;
	readonly receivedAt: number;
	stage: 'fetching' | 'running' | 'uploading' = 'fetching';
	/** When the lease ends unless it is renewed. */
	leaseEndsAt: number;
	stop: StopReason | null = null;
	softAt = Number.POSITIVE_INFINITY;
	/** When the process tree is killed. */
	killAt = Number.POSITIVE_INFINITY;
	/** Process id of the child, while running. */
	pid: number | null = null;
	/** Null before it runs. */
	meter: AttemptMeter | null = null;
	bytesIn = 0;
	bytesOut = 0;
	nextLogSeq = 0;
	hasFolder = false;
	/** What must not be told of it. */
	redactor: Redactor | null = null;
	#transfers: AbortController | null = null;
	#releases: (() => void)[] | null = null;

	constructor(assignment: Assignment, run: number, receivedAt: number, leaseMs: number) {
		const { task, attempt, token } = assignment;
		this.assignment = assignment;
		this.ref = { task, attempt, token };
		this.run = run;
		this.receivedAt = receivedAt;
		this.leaseEndsAt = receivedAt + leaseMs;
	}

	/** Aborted when transfers for this attempt have no point any more. */
	get transferSignal(): AbortSignal {
		return this.#transferAbort().signal;
	}

	stopTransfers(): void {
		this.#transferAbort().abort();
	}

	/** Registers what is given back when the attempt is over, such as a pinned cache entry. */
	onEnd(release: () => void): void {
		this.#releases ??= [];
		this.#releases.push(release);
	}

	release(): void {
		for (const release of this.#releases ?? []) release();
		this.#releases = null;
	}

	#transferAbort(): AbortController {
		if (this.#transfers === null) {
			this.#transfers = new AbortController();
			// Every transfer of the attempt listens to it.
			setMaxListeners(0, this.#transfers.signal);
		}
		return this.#transfers;
	}

	usage(now: number): ReportedUsage {
		const { bytesIn, bytesOut } = this;
		const wallMs = toMicroseconds(now - this.receivedAt);
		const usage: ReportedUsage = { wallMs, cpuMs: 0, peakMemoryBytes: 0, bytesIn, bytesOut, measured: 'none' };
		this.meter?.tell(usage);
		return usage;
	}
}
