import { COMES_WITHIN_MS } from './asked-back.ts';
import type { ClassShare } from './class-share.ts';
import type { Fleet } from './fleet.ts';
import type { Lane } from './lane.ts';
import type { Lease, NodeSlots } from './node-slots.ts';
import type { ReadyTask } from './ready-task.ts';
import { IDLE_ONLY } from './service-class.ts';
import type { Shares } from './shares.ts';

/**
 * Which leases of idle-only classes are to be given back, at most `limit`, so that what waits in these lanes and is not
 * idle-only finds room: as many as could start, less those that are on their way back already; the youngest first,
 * because they lose least. Each is marked as asked back.
 */
export const preempt = <T extends ReadyTask>(
	lanes: Iterable<Lane<T>>,
	{ fleet, shares, limit, now }: { fleet: Fleet<T>; shares: Shares<T>; limit: number; now: number },
): Lease<T>[] => {
	const idle = idleLeases(fleet, shares, now);
	if (idle.length === 0) return [];
	const given: Lease<T>[] = [];
	/** Leases whose slot some waiting task counts on. */
	const promised = new Set<Lease<T>>();
	const granted = new Map<ClassShare<T>, number>();
	for (const lane of lanes) {
		if (given.length >= limit) break;
		const usable = idle.filter(({ node }) => canUse(fleet, lane, node));
		if (usable.length === 0) continue;
		for (const stand of lane.stands) {
			if (stand.band === IDLE_ONLY) continue;
			const before = granted.get(stand.share) ?? 0;
			const room = stand.share.room(lane.demand) - before;
			const wanted = Math.min(room, stand.startable(usable.length, now));
			let count = 0;
			while (count < wanted && takeRoom(lane, usable, promised, { given, limit, now })) count += 1;
			granted.set(stand.share, before + count);
		}
	}
	return given;
};

/** Counts on room for one task of the lane: first on what is coming back anyhow, then on what is now asked back. */
const takeRoom = <T extends ReadyTask>(
	lane: Lane<T>,
	usable: readonly Lease<T>[],
	promised: Set<Lease<T>>,
	{ given, limit, now }: { given: Lease<T>[]; limit: number; now: number },
): boolean => {
	const open = usable.filter((lease) => !promised.has(lease));
	const coming = open.filter(({ askedBackAt }) => askedBackAt !== null);
	const room = roomFor(lane, coming) ?? roomFor(lane, open);
	if (!room) return false;
	const asked = room.filter(({ askedBackAt }) => askedBackAt === null);
	if (given.length + asked.length > limit) return false;
	for (const lease of asked) {
		lease.askedBackAt = now;
		given.push(lease);
	}
	for (const lease of room) promised.add(lease);
	return true;
};

/** The first of these leases that makes room alone; else the fewest of one node that do together, in this order. */
const roomFor = <T extends ReadyTask>(lane: Lane<T>, leases: readonly Lease<T>[]): Lease<T>[] | null => {
	const alone = leases.find((lease) => makesRoom(lane, lease.node, [lease]));
	if (alone) return [alone];
	const byNode = new Map<NodeSlots, Lease<T>[]>();
	for (const lease of leases) {
		const together = byNode.get(lease.node) ?? [];
		together.push(lease);
		byNode.set(lease.node, together);
		if (together.length > 1 && makesRoom(lane, lease.node, together)) return together;
	}
	return null;
};

/** Youngest first, without those that were asked back and have not come. */
const idleLeases = <T extends ReadyTask>(fleet: Fleet<T>, shares: Shares<T>, now: number): Lease<T>[] => {
	const leases: Lease<T>[] = [];
	for (const share of shares.classes) {
		if (!share.rules.idleOnly) continue;
		for (const seq of share.load.seqs) {
			const lease = fleet.leaseOf(seq);
			if (!lease || lease.task.boosted || !lease.node.connected) continue;
			if (lease.askedBackAt === null || now - lease.askedBackAt < COMES_WITHIN_MS) leases.push(lease);
		}
	}
	return leases.sort((a, b) => b.since - a.since || b.task.seq - a.task.seq);
};

const canUse = <T extends ReadyTask>(fleet: Fleet<T>, lane: Lane<T>, node: NodeSlots): boolean =>
	lane.able.has(node.place) && node.place !== fleet.avoided(lane);

const makesRoom = <T extends ReadyTask>(
	{ short, demand }: Lane<T>,
	node: NodeSlots,
	without: readonly Lease[],
): boolean =>
	node.hasSlot(short, without) && demand.devices.every(({ name, count }) => node.freeTokens(name, without) >= count);
