import { hostname } from 'node:os';
import type { Accounting } from './accounting/accounting.ts';
import type { Accounts } from './accounts/accounts.ts';
import type { NodeRegistry } from './agents/node-registry.ts';
import type { CoordinatorConfig } from './config/coordinator-config.ts';
import { MILLRACE_VERSION } from './config/version.ts';
import type { Ledger } from './database/ledger.ts';
import type { BlobStore } from './files/blob-store.ts';
import type { Files } from './files/files.ts';
import { Alerts } from './health/alerts.ts';
import { certificateEnd } from './health/certificate-end.ts';
import type { HealthFacts } from './health/facts.ts';
import { gatherFacts } from './health/gather-facts.ts';
import { Health } from './health/health.ts';
import type { HealthEvents } from './health/health-events.ts';
import { openMail } from './mail/open-mail.ts';
import type { TaskFlows } from './monitoring/task-flows.ts';
import type { Deliveries } from './notices/deliveries.ts';
import type { Policies } from './qos/policies.ts';
import type { OpenTask } from './queue/open-task.ts';
import type { Queues } from './queue/queues.ts';
import type { TaskQueue } from './queue/task-queue.ts';
import type { Announcer } from './report/announcer.ts';
import type { Logger } from './report/logger.ts';
import { Deletions } from './rights/deletions.ts';
import { DataExport } from './rights/export.ts';
import type { TaskScheduler } from './scheduler/task-scheduler.ts';
import type { Secrets } from './secrets/secrets.ts';

/** Builds what administrators owe: to know how everything is and be told of it, and to give out and delete what is kept about people. */
export const openCare = async (parts: {
	config: Pick<CoordinatorConfig, 'tls' | 'quietHours' | 'publicUrl'>;
	ledger: Ledger;
	logger: Logger;
	accounts: Accounts;
	accounting: Pick<Accounting, 'counters'>;
	policies: Pick<Policies, 'reload'>;
	blobs: BlobStore;
	files: Files;
	nodes: Pick<NodeRegistry, 'presence'>;
	queue: Pick<TaskQueue, 'offers' | 'slotsInUse'>;
	queues: Pick<Queues, 'rows'>;
	scheduler: Pick<TaskScheduler<OpenTask>, 'queueDepths'>;
	flows: Pick<TaskFlows, 'queues'>;
	/** Tasks that reach no queue. */
	astray: () => HealthFacts['astray'];
	announcer: Announcer<HealthEvents>;
	walBytes: () => number | null;
	deliveries: Pick<Deliveries, 'wake'>;
	secrets: Secrets;
}) => {
	const { config, ledger, logger, accounts, policies, blobs, files, nodes, queue, queues, scheduler, flows } = parts;
	const health = new Health({
		...{ logger, version: MILLRACE_VERSION },
		facts: gatherFacts({
			...{ ledger, walBytes: parts.walBytes, astray: parts.astray },
			disk: () => blobs.space.measure(),
			certificateEndsAt: config.tls && certificateEnd(config.tls.cert),
			nodes: () => nodes.presence(),
			offers: () => queue.offers,
			slotsInUse: (node) => queue.slotsInUse(node),
			queues: () => queues.rows,
			depths: () => scheduler.queueDepths(),
			startedFrom: (name) => flows.queues.get(name)?.totals.started ?? 0,
		}),
	});
	const dataExport = new DataExport({ ledger, walk: (...asked) => files.walk(...asked), contents: blobs });
	const deletions = new Deletions({
		ledger,
		countUsage: () => parts.accounting.counters.catchUp(),
		onGone: async (userSeq) => {
			accounts.users.gone(userSeq);
			await policies.reload();
		},
	});
	await deletions.resume();
	const place = config.publicUrl ?? hostname();
	const { mail, outbox } = openMail({ ledger, logger, place, secrets: parts.secrets });
	const wake = () => {
		parts.deliveries.wake();
		outbox.wake();
	};
	const alerts = new Alerts({ ledger, logger, place, wake, quiet: config.quietHours });
	health.onLooked = (view, changes) => {
		alerts.looked(view);
		const changed = new Set(changes.map(({ name }) => name));
		const checks = view.checks.filter(({ name }) => changed.has(name));
		if (checks.length > 0) parts.announcer.announce('health:changed', { at: Date.parse(view.at), checks });
	};
	// What the last process left is sent first.
	outbox.wake();
	return { health, alerts, mail, outbox, dataExport, deletions };
};
