import type { Ledger } from './database/ledger.ts';
import type { Happenings } from './happenings/happenings.ts';
import type { Logger } from './report/logger.ts';

/** Builds what makes work by itself: after an upload, at a time, out of what other work has brought. */
export const openProcessing = async (parts: { ledger: Ledger; logger: Logger; happenings: Happenings }) => {
	const { happenings } = parts;
	// Only when everybody listens: what the last process left is done first.
	happenings.kick();
	return {
		happenings,
		async [Symbol.asyncDispose](): Promise<void> {
			await happenings[Symbol.asyncDispose]();
		},
	};
};
