import type { ThingKind } from '../../shared/protocol/live-updates.ts';

/** To whom a change is told: one person by number, everybody in a group or in those within it, or everybody. */
export type Readers = { person: number } | { group: number } | 'everybody';

/** Something was made, changed or deleted, or what belongs to it was. */
export interface ThingChange {
	what: ThingKind;
	id: string;
	version: number;
	gone: boolean;
	readers: Readers;
}

export type ThingEvents = {
	/** One entry each for a thing and those that may read it: who may by two rights is told twice. */
	'thing:changed': ThingChange[];
	/** So much has changed at once that it is better all read again. */
	'thing:many-changed': null;
};
