/** What an agent's connection may do; tests make it narrower. */
export interface DoorLimits {
	/** A connection that has not shown who it is by then is dropped. */
	helloWithinMs: number;
	/** Connections that have not shown it yet, all together and from one network; beyond that the oldest goes. */
	mostStrangers: number;
	mostStrangersOfNetwork: number;
	/** Messages by weight: a plain one is 1. Enough for tens of thousands of tasks a second in small batches. */
	weightPerSecond: number;
	weightBurst: number;
	/** Settle messages that wait for the ledger; further ones are asked to come again. */
	mostUnansweredSettles: number;
	/** With so much unsent an agent gets no more work, until a quarter of it is left. */
	stalledBytes: number;
	/** So long it may be stalled. */
	stalledMs: number;
	/** With so much unsent it is cut at once; far more than the largest assignments for a hundred slots. */
	mostBytes: number;
}

export const DOOR_LIMITS: DoorLimits = {
	helloWithinMs: 5_000,
	mostStrangers: 1_000,
	mostStrangersOfNetwork: 300,
	weightPerSecond: 30_000,
	weightBurst: 60_000,
	mostUnansweredSettles: 256,
	stalledBytes: 1024 * 1024,
	stalledMs: 10_000,
	mostBytes: 64 * 1024 * 1024,
};

/** A malformed or unsealed message costs as much as so many good ones, a heartbeat (it may name thousands of attempts) as well. */
export const WEIGHTS = {
	...{ message: 1, log: 4, metrics: 20, heartbeat: 50 },
	...{ malformed: 100, unsealed: 100, invalidItem: 10 },
} as const;
