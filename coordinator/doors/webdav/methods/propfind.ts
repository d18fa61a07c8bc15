import type { DriveLock } from '../../../drive/locks.ts';
import { childOf, isOwn, type Place } from '../../../drive/place.ts';
import type { DeadProperty } from '../../../drive/properties.ts';
import type { DriveResource } from '../../../drive/resource.ts';
import { DavError } from '../dav-error.ts';
import { type DavRequest, requireResource } from '../dav-request.ts';
import { Multistatus } from '../multistatus.ts';
import { requirePreconditions } from '../preconditions.ts';
import type { Shown } from '../properties/live-properties.ts';
import { PropfindPlan } from '../properties/propfind-plan.ts';
import { addressOf } from '../read-address.ts';
import { readDepth } from '../read-headers.ts';
import { readPropfind } from '../xml/propfind-request.ts';
import { readXml } from '../xml/read-body.ts';

/** What is said of a resource, or of a folder and each thing in it. */
export const propfind = async (dav: DavRequest): Promise<void> => {
	const { request, response, rooms, actor, place } = dav;
	const depth = readDepth(request.headers);
	if (depth === null || depth === 'infinity') {
		throw new DavError('forbidden', 'propfind-finite-depth', 'Ask folder by folder: with the header Depth: 0 or 1.');
	}
	const plan = new PropfindPlan(readPropfind(await readXml(request)));
	await requirePreconditions(dav);
	const wants = { tasks: plan.needsTasks };
	const resource = await requireResource(dav, wants);
	const isList = depth === 1 && resource.kind === 'folder';
	const teller = new Teller(dav, plan, await findBeside(dav, plan, isList));
	const answer = new Multistatus(response);
	await teller.tell(answer, [{ resource, place }]);
	if (isList) {
		for await (const page of rooms.drive.list(actor, place, wants)) {
			await teller.tell(
				answer,
				page.map((one) => ({ resource: one, place: childOf(place, one.name) })),
			);
			if (answer.isGone) return;
		}
	}
	answer.end();
};

interface Beside {
	quota: Shown['quota'];
	locks: readonly DriveLock[];
}

/** What is asked once for a whole list. */
const findBeside = async (
	{ rooms, actor, place }: DavRequest,
	plan: PropfindPlan,
	isList: boolean,
): Promise<Beside> => {
	const { drive } = rooms;
	if (!isOwn(place)) return { quota: null, locks: [] };
	const [quota, locks] = await Promise.all([
		plan.needsQuota ? drive.quota(actor.userSeq) : null,
		plan.needsLocks ? drive.locks[isList ? 'around' : 'covering'](actor.userSeq, place.names) : [],
	]);
	return { quota, locks };
};

interface Found {
	resource: DriveResource;
	place: Place;
}

class Teller {
	readonly #dav: DavRequest;
	readonly #plan: PropfindPlan;
	readonly #beside: Beside;
	readonly #now = Date.now();

	constructor(dav: DavRequest, plan: PropfindPlan, beside: Beside) {
		this.#dav = dav;
		this.#plan = plan;
		this.#beside = beside;
	}

	/** Adds their `response`s, with one question for what clients have given to all of them, unless that is very much. */
	async tell(answer: Multistatus, found: readonly Found[]): Promise<void> {
		const { drive } = this.#dav.rooms;
		const bearers = this.#plan.needsDead ? found.map(({ resource }) => resource.entry) : [];
		let dead: { from: number; of: DeadProperty[][] } = { from: 0, of: [] };
		for (const [at, { resource, place }] of found.entries()) {
			if (bearers[at] && at >= dead.from + dead.of.length) {
				dead = { from: at, of: await drive.properties.of(bearers.slice(at)) };
			}
			const isFolder = resource.kind === 'folder';
			const { quota } = this.#beside;
			const shown = {
				...{ resource, place, now: this.#now, locks: this.#locksOn(place) },
				quota: isFolder ? quota : null,
			};
			const given = dead.of[at - dead.from];
			// One by one: who asks for much of many must not make us hold it all.
			const room = answer.add(this.#plan.tell(addressOf(place, isFolder), shown, given));
			if (room) await room;
			if (answer.isGone) return;
		}
	}

	#locksOn(place: Place): readonly DriveLock[] {
		const { locks } = this.#beside;
		if (locks.length === 0 || !isOwn(place)) return [];
		const { names } = place;
		return locks.filter(
			(lock) =>
				(lock.isDeep || lock.names.length === names.length) &&
				lock.names.length <= names.length &&
				lock.names.every((name, depth) => names[depth] === name),
		);
	}
}
