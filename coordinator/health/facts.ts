/** A node as checks see it. */
export interface NodeFact {
	name: string;
	/** As people are told it. */
	state: string;
	lastSeenAt: number | null;
	/** It was drained, and left when it had finished: nobody misses it. */
	isDrained: boolean;
	/** Its clock less ours, as near as is known; null: it has not told. */
	clockSkewMs: number | null;
}

export interface QueueFact {
	name: string;
	queued: number;
	/** Nothing is to start from it: since when and who said so, and why; null: it may. */
	pause: { sinceMs: number; by: string | null; reason: string | null } | null;
	/** Connected nodes that serve it, and slots that are free at those that take work. */
	servers: number;
	freeSlots: number;
	/** How long nothing has started though something stood in line. */
	stillMs: number;
}

/** What is known when checks are made. What is null or left out is not set up. */
export interface HealthFacts {
	now: number;
	ledger: { answers: true } | { answers: false; why: string };
	disk: { free: number; total: number; watermark: number } | null;
	walBytes: number | null;
	/** When the coordinator's own certificate ends. */
	certificateEndsAt: number | null;
	nodes: readonly NodeFact[];
	queues: readonly QueueFact[];
	/** Tasks in line whose key reaches no queue, and some of these keys. */
	astray: { tasks: number; routingKeys: readonly string[] };
	/** Schedules of which the last runs failed, and those that stopped themselves for it. */
	schedules: readonly { name: string; owner: string; failures: number; stopped: boolean }[];
	/** When one last went well, and how often one is to be made; null: none is made by itself. */
	backup?: { lastOkAt: number | null; everyMs: number | null; why: string | null };
	/** Contents that are not what they were. */
	damaged?: { contents: number };
	/** How mails of alerts go; `failingSince` null: the last one was taken, or none was sent yet. */
	mail?: { recipients: number; failingSince: number | null; error: string | null; waiting: number } | null;
	/** Chores that failed the last time. */
	chores?: readonly { name: string; error: string }[];
}
