import type { LiveSource, LiveSourceOptions } from '../shared/client/live-client.ts';

/** A coordinator as its people call it. */
export interface Place {
	name: string;
	/** One of the theme's colours; null without a choice. */
	color: string | null;
	/** What is done here is done to real work: the frame warns. */
	isProduction: boolean;
}

/**
 * What the screens need of the shell that they run in. A browser's tab and the desktop's window give it in their own
 * ways; the screens know no other difference between the two.
 */
export interface Bridge {
	/** Where the page reaches the coordinator's API; the shell adds who is signed in, and the page never sees that. */
	readonly baseUrl: string;
	/** Which coordinator this is; in the frame at all times. */
	readonly place: Place;
	/** Updates of the coordinator, until disposed of. */
	openLive(options: LiveSourceOptions): LiveSource;
}
