/** Waits of some tasks. One that never started counts with what it had waited by the end. */
export interface WaitFigures {
	/** Times that a task stood in line. */
	tasks: number;
	/** Those of them that ended with a start. */
	started: number;
	p50Ms: number;
	p90Ms: number;
	p95Ms: number;
	p99Ms: number;
	meanMs: number;
	mostMs: number;
}

export interface ClassFigures {
	name: string;
	waits: WaitFigures;
	/** Milliseconds in slots that its people were charged. */
	costMs: number;
	/** Jain's index over the costs of its people: 1 when all have had the same. */
	jain: number;
	people: number;
	/** Tasks in line, by time. */
	depth: number[];
}

export interface PersonFigures {
	owner: number;
	waits: WaitFigures;
	costMs: number;
}

export interface GroupFigures {
	/** The queues that its nodes serve. */
	name: string;
	nodes: number;
	/** Slots in use of those that there were, over the whole period; from 0 to 1. */
	mean: number;
	/** The same by time. */
	used: number[];
}

/** What a simulated period came to. */
export interface Outcome {
	from: number;
	until: number;
	bucketMs: number;
	started: number;
	ended: number;
	/** Runs whose node was away for too long. */
	lost: number;
	/** Runs of idle-only work that gave their slot back. */
	preempted: number;
	removed: number;
	neverStarted: number;
	/** Of all slots. */
	used: number;
	classes: ClassFigures[];
	people: PersonFigures[];
	groups: GroupFigures[];
}
