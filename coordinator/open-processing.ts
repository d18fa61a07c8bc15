import { join } from 'node:path';
import type { CoordinatorConfig } from './config/coordinator-config.ts';
import type { Ledger } from './database/ledger.ts';
import type { Happenings } from './happenings/happenings.ts';
import type { Logger } from './report/logger.ts';
import { Secrets } from './secrets/secrets.ts';

/** Builds what makes work by itself: after an upload, at a time, out of what other work has brought. */
export const openProcessing = async (parts: {
	config: Pick<CoordinatorConfig, 'data' | 'secretKey'>;
	ledger: Ledger;
	logger: Logger;
	happenings: Happenings;
}) => {
	const { config, ledger, logger, happenings } = parts;
	const keyFile = config.secretKey ?? join(config.data, 'secret.key');
	const secrets = await Secrets.open({ ledger, keyFile, logger });
	// Only when everybody listens: what the last process left is done first.
	happenings.kick();
	return {
		happenings,
		secrets,
		async [Symbol.asyncDispose](): Promise<void> {
			await happenings[Symbol.asyncDispose]();
		},
	};
};
