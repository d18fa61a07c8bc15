import type { Ledger } from '../database/ledger.ts';
import type { Happenings } from '../happenings/happenings.ts';
import { failRuns } from '../source-runs/failure-store.ts';
import { Sources, type SourcesParts } from './sources.ts';

/** Builds the room, before the happenings begin. */
export const openSources = (
	parts: Omit<SourcesParts, 'now'> & { ledger: Ledger; happenings: Happenings; now?: () => number },
): Sources => {
	const { happenings, now = Date.now, ...rest } = parts;
	happenings.on('source.failed', async (page) => {
		const paused = await rest.ledger.write(failRuns, { happenings: page, now: now() });
		// Its owner is to be told of a source that has stopped.
		happenings.kick();
		await rest.schedulesChanged(paused);
	});
	return new Sources({ ...rest, now });
};
