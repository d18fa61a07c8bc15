import type { Ledger } from '../database/ledger.ts';
import type { HealthFacts, NodeFact, QueueFact } from './facts.ts';
import { readFailingSchedules } from './health-store.ts';

/** A node as the rooms know it. */
type Offer = { id: string; queues: readonly string[]; concurrency: number; accepting: boolean };

export interface HealthSources {
	ledger: Pick<Ledger, 'read'>;
	disk: () => Promise<HealthFacts['disk']>;
	walBytes: () => number | null;
	certificateEndsAt: number | null;
	nodes: () => Iterable<NodeFact>;
	/** Connected nodes, and how many of a node's slots are in use. */
	offers: () => Iterable<Offer>;
	slotsInUse: (node: string) => number;
	queues: () => readonly { name: string; pausedAt: number | null; by: string | null; reason: string | null }[];
	depths: () => readonly { queue: string; queued: number }[];
	astray: () => HealthFacts['astray'];
	/** Tasks that were started from a queue since the start. */
	startedFrom: (queue: string) => number;
}

/** Brings together what the checks are made of; remembers since when a queue has started nothing. */
export const gatherFacts = (sources: HealthSources, now: () => number = Date.now): (() => Promise<HealthFacts>) => {
	const still = new Map<string, { started: number; since: number }>();

	const stillMs = (queue: string, queued: number, at: number): number => {
		const started = sources.startedFrom(queue);
		const known = still.get(queue);
		if (queued === 0 || known?.started !== started) {
			still.set(queue, { started, since: at });
			return 0;
		}
		return at - known.since;
	};

	const queueFacts = (at: number): QueueFact[] => {
		const depths = new Map(sources.depths().map(({ queue, queued }) => [queue, queued]));
		const serving = new Map<string, { servers: number; freeSlots: number }>();
		for (const { id, queues, concurrency, accepting } of sources.offers()) {
			const free = accepting ? Math.max(0, concurrency - sources.slotsInUse(id)) : 0;
			for (const queue of queues) {
				const { servers, freeSlots } = serving.get(queue) ?? { servers: 0, freeSlots: 0 };
				serving.set(queue, { servers: servers + 1, freeSlots: freeSlots + free });
			}
		}
		const rows = sources.queues();
		for (const name of still.keys()) if (!rows.some((row) => row.name === name)) still.delete(name);
		return rows.map(({ name, pausedAt, by, reason }) => {
			const queued = depths.get(name) ?? 0;
			const { servers, freeSlots } = serving.get(name) ?? { servers: 0, freeSlots: 0 };
			const pause = pausedAt === null ? null : { sinceMs: at - pausedAt, by, reason };
			return { name, queued, pause, servers, freeSlots, stillMs: stillMs(name, queued, at) };
		});
	};

	return async () => {
		const at = now();
		const schedules = await sources.ledger.read(readFailingSchedules, null).catch((error: Error) => error);
		const ledger: HealthFacts['ledger'] =
			schedules instanceof Error ? { answers: false, why: schedules.message } : { answers: true };
		return {
			...{ now: at, ledger, walBytes: sources.walBytes(), certificateEndsAt: sources.certificateEndsAt },
			disk: await sources.disk().catch(() => null),
			nodes: [...sources.nodes()],
			queues: queueFacts(at),
			astray: sources.astray(),
			schedules: schedules instanceof Error ? [] : schedules,
		};
	};
};
