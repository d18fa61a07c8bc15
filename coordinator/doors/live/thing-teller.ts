import type { ThingKind } from '../../../shared/protocol/live-updates.ts';
import { may, type ObjectKind } from '../../accounts/permissions.ts';
import type { ThingChange } from '../../things/thing-events.ts';
import type { ByOwner } from './by-owner.ts';
import type { Screen } from './screen.ts';

/** Where changes of things come from. */
export interface ThingSource {
	/** Resolves when nothing can be missed any more. */
	watch(isWatched: boolean): Promise<void>;
	membersOf(group: number, people: readonly number[]): Promise<number[]>;
}

const OBJECT_KIND: Record<ThingKind, ObjectKind> = {
	recipe: 'recipe',
	trigger: 'recipe',
	schedule: 'recipe',
	source: 'recipe',
	job: 'recipe',
	dataset: 'dataset',
	notice: 'notice',
	webhook: 'webhook',
};

/** Tells screens of things that those who look at them may read. */
export class ThingTeller {
	readonly #screens: ByOwner;
	readonly #source: Pick<ThingSource, 'membersOf'>;

	constructor(screens: ByOwner, source: Pick<ThingSource, 'membersOf'>) {
		this.#screens = screens;
		this.#source = source;
	}

	tell(changes: readonly ThingChange[]): void {
		for (const change of changes) {
			const { readers } = change;
			if (readers === 'everybody') for (const one of this.#screens.all()) tellOne(one, change);
			else if ('person' in readers) for (const one of this.#screens.of(readers.person)) tellOne(one, change);
			else void this.#tellGroup(readers.group, change);
			// Whoever may change everybody's sees everybody's.
			if (change.what !== 'dataset') continue;
			for (const one of this.#screens.all()) {
				if (may(one.actor, 'write', { kind: 'dataset', ownerSeq: null })) tellOne(one, change);
			}
		}
	}

	async #tellGroup(group: number, change: ThingChange): Promise<void> {
		const members = await this.#source.membersOf(group, this.#screens.people).catch(() => null);
		// Not known who may be told: all are made to read again, which tells nobody what has changed.
		if (members === null) for (const one of this.#screens.all()) one.tellToRead();
		for (const member of members ?? []) for (const one of this.#screens.of(member)) tellOne(one, change);
	}
}

const tellOne = (screen: Screen, { what, id, version, gone }: ThingChange): void => {
	const isAllowed = may(screen.actor, 'read', { kind: OBJECT_KIND[what], ownerSeq: screen.actor.userSeq });
	if (isAllowed) screen.tell({ kind: 'thing', what, id, version, gone });
};
