import type { Asker } from './place.ts';
import type { DriveResource, Wants } from './resource.ts';

/** One of the trees that the drive shows, each with its own place for what is in it. */
export interface Area {
	/** Null: nothing is there, or not for this person. */
	find(asker: Asker, names: readonly string[], wants: Wants): Promise<DriveResource | null>;
	/** What lies in a folder itself, in pages; nothing of what is no folder. */
	list(asker: Asker, names: readonly string[], wants: Wants): AsyncGenerator<DriveResource[]>;
}

/** Most that one query gives: a list of any length takes little memory. */
export const LIST_PAGE = 1_000;
