import { setTimeout } from 'node:timers/promises';
import type { HttpClient } from '../../../../shared/client/http-client.ts';
import { listChores } from '../../../../shared/client/upkeep.ts';
import type { ChoreView } from '../../../../shared/protocol/chore.ts';
import type { Context } from '../../context.ts';
import { EXIT } from '../../exit-codes.ts';
import { CliError } from '../../failure.ts';

const ASK_EVERY_MS = 500;

/** Waits until a chore that was begun has ended, and tells how; throws when it failed. */
export const followChore = async (context: Context, http: HttpClient, begun: ChoreView): Promise<ChoreView> => {
	let now = begun;
	while (now.isRunning) {
		await setTimeout(ASK_EVERY_MS, undefined, { signal: context.signal });
		const chores = await listChores(http, { signal: context.signal });
		now = chores.find(({ name }) => name === begun.name) ?? { ...now, isRunning: false };
	}
	if (now.last?.outcome === 'failed') throw new CliError(EXIT.failed, `${now.name}: ${now.last.words ?? 'it failed.'}`);
	return now;
};
