import { join } from 'node:path';
import type { CoordinatorConfig } from './config/coordinator-config.ts';
import { may } from './accounts/permissions.ts';
import type { Ledger } from './database/ledger.ts';
import type { Happenings } from './happenings/happenings.ts';
import type { Submissions } from './jobs/submissions.ts';
import type { PolicyBook } from './qos/policy.ts';
import type { TaskQueue } from './queue/task-queue.ts';
import type { Logger } from './report/logger.ts';
import { openSchedules } from './schedules/open-schedules.ts';
import { Secrets } from './secrets/secrets.ts';

/** Builds what makes work by itself: after an upload, at a time, out of what other work has brought. */
export const openProcessing = async (parts: {
	config: Pick<CoordinatorConfig, 'data' | 'secretKey'>;
	ledger: Ledger;
	logger: Logger;
	happenings: Happenings;
	submissions: Submissions;
	policies: PolicyBook;
	queue: TaskQueue;
}) => {
	const { config, ledger, logger, happenings, submissions, policies, queue } = parts;
	const keyFile = config.secretKey ?? join(config.data, 'secret.key');
	const secrets = await Secrets.open({ ledger, keyFile, logger });
	const scheduling = openSchedules({
		...{ ledger, logger, happenings, submissions, policies },
		line: {
			accepted: (submitted, tasks, now) => queue.accepted(submitted, tasks, now),
			cancel: (seq) => queue.steering.cancelOwn(seq, { overIsFine: true }),
		},
		// Whoever may steer other people's work may name any service class for their own.
		mayNameAny: (role) => may({ userSeq: 0, role, scopes: null }, 'steer', { kind: 'task', ownerSeq: null }),
	});
	// Only when everybody listens: what the last process left is done first.
	happenings.kick();
	await scheduling.start();
	return {
		happenings,
		secrets,
		schedules: scheduling.schedules,
		async [Symbol.asyncDispose](): Promise<void> {
			await scheduling[Symbol.asyncDispose]();
			await happenings[Symbol.asyncDispose]();
		},
	};
};
