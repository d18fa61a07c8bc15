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
 * because they lose least. Each is marked as yielding.
 */
export const preempt = <T extends ReadyTask>(
	lanes: Iterable<Lane<T>>,
	{ fleet, shares, limit, now }: { fleet: Fleet<T>; shares: Shares<T>; limit: number; now: number },
): Lease<T>[] => {
	const idle = idleLeases(fleet, shares);
	if (idle.length === 0) return [];
	const given: Lease<T>[] = [];
	/** Leases whose slot some waiting task counts on. */
	const promised = new Set<Lease<T>>();
	const granted = new Map<ClassShare<T>, number>();
	for (const lane of lanes) {
		const usable = idle.filter((lease) => canUse(fleet, lane, lease.node) && makesRoom(lane, lease));
		if (usable.length === 0) continue;
		for (const stand of lane.stands) {
			if (stand.band === IDLE_ONLY) continue;
			const before = granted.get(stand.share) ?? 0;
			const room = stand.share.room(lane.demand) - before;
			const wanted = Math.min(room, stand.startable(usable.length, now));
			const counted = takeSlots(usable, promised, wanted, limit, given);
			granted.set(stand.share, before + counted);
		}
	}
	return given;
};

/** Counts on so many of these: first on what is coming back anyhow, then on what is now asked back. */
const takeSlots = <T extends ReadyTask>(
	usable: readonly Lease<T>[],
	promised: Set<Lease<T>>,
	wanted: number,
	limit: number,
	given: Lease<T>[],
): number => {
	let count = 0;
	for (const isComing of [true, false]) {
		for (const lease of usable) {
			if (count >= wanted) return count;
			if (promised.has(lease) || lease.yielding !== isComing) continue;
			if (!isComing) {
				if (given.length >= limit) return count;
				lease.yielding = true;
				given.push(lease);
			}
			promised.add(lease);
			count += 1;
		}
	}
	return count;
};

/** Youngest first. */
const idleLeases = <T extends ReadyTask>(fleet: Fleet<T>, shares: Shares<T>): Lease<T>[] => {
	const leases: Lease<T>[] = [];
	for (const share of shares.classes) {
		if (!share.rules.idleOnly) continue;
		for (const seq of share.load.seqs) {
			const lease = fleet.leaseOf(seq);
			if (lease && !lease.task.boosted && lease.node.connected) leases.push(lease);
		}
	}
	return leases.sort((a, b) => b.since - a.since || b.task.seq - a.task.seq);
};

const canUse = <T extends ReadyTask>(fleet: Fleet<T>, lane: Lane<T>, node: NodeSlots): boolean =>
	lane.able.has(node.place) && node.place !== fleet.avoided(lane);

const makesRoom = <T extends ReadyTask>({ short, demand }: Lane<T>, lease: Lease<T>): boolean =>
	lease.node.hasSlot(short, lease) &&
	demand.devices.every(({ name, count }) => lease.node.freeTokens(name, lease) >= count);
