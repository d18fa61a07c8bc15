import type { Registry } from 'prom-client';
import { MILLRACE_VERSION } from './config/version.ts';
import type { Mount } from './doors/http/mount.ts';
import type { AnyRoute } from './doors/http/route.ts';
import { actRoutes } from './doors/http/routes/acts.ts';
import { agentRoutes } from './doors/http/routes/agent.ts';
import { agentSecretRoutes } from './doors/http/routes/agent-secrets.ts';
import { apiContractRoutes } from './doors/http/routes/api-contract.ts';
import { appPasswordRoutes } from './doors/http/routes/app-passwords.ts';
import { archiveRoutes } from './doors/http/routes/archive.ts';
import { auditRoutes } from './doors/http/routes/audit.ts';
import { backupRoutes } from './doors/http/routes/backups.ts';
import { banRoutes } from './doors/http/routes/bans.ts';
import { budgetRoutes } from './doors/http/routes/budgets.ts';
import { choreRoutes } from './doors/http/routes/chores.ts';
import { contentRoutes } from './doors/http/routes/content.ts';
import { datasetContentRoutes } from './doors/http/routes/dataset-content.ts';
import { datasetImportRoutes } from './doors/http/routes/dataset-imports.ts';
import { datasetRoutes } from './doors/http/routes/datasets.ts';
import { diagnosisRoutes } from './doors/http/routes/diagnosis.ts';
import { estimateRoutes } from './doors/http/routes/estimates.ts';
import { everyonesThingRoutes } from './doors/http/routes/everyones-things.ts';
import { fileRoutes } from './doors/http/routes/files.ts';
import { folderRoutes } from './doors/http/routes/folders.ts';
import { groupRoutes } from './doors/http/routes/groups.ts';
import { healthRoutes } from './doors/http/routes/health.ts';
import { historyRoutes } from './doors/http/routes/history.ts';
import { jobRoutes } from './doors/http/routes/jobs.ts';
import { mailRoutes } from './doors/http/routes/mail.ts';
import { metricsRoutes } from './doors/http/routes/metrics.ts';
import { nodeAttemptRoutes } from './doors/http/routes/node-attempts.ts';
import { nodeTokenRoutes } from './doors/http/routes/node-tokens.ts';
import { nodeRoutes } from './doors/http/routes/nodes.ts';
import { noticeRoutes } from './doors/http/routes/notices.ts';
import { passwordLinkRoutes } from './doors/http/routes/password-links.ts';
import { policyRoutes } from './doors/http/routes/policies.ts';
import { priceBookRoutes } from './doors/http/routes/price-book.ts';
import { provenanceRoutes } from './doors/http/routes/provenance.ts';
import { quarantineRoutes } from './doors/http/routes/quarantine.ts';
import { queueRoutes } from './doors/http/routes/queues.ts';
import { recipeRoutes } from './doors/http/routes/recipes.ts';
import { resultRoutes } from './doors/http/routes/results.ts';
import { rightsRoutes } from './doors/http/routes/rights.ts';
import { scheduleRoutes } from './doors/http/routes/schedules.ts';
import { secondFactorRoutes } from './doors/http/routes/second-factor.ts';
import { secretRoutes } from './doors/http/routes/secrets.ts';
import { serviceClassRoutes } from './doors/http/routes/service-classes.ts';
import { sessionRoutes } from './doors/http/routes/session.ts';
import { settingsRoutes } from './doors/http/routes/settings.ts';
import { sourceRoutes } from './doors/http/routes/sources.ts';
import { statementRoutes } from './doors/http/routes/statements.ts';
import { taskDecisionRoutes } from './doors/http/routes/task-decisions.ts';
import { taskOutputRoutes } from './doors/http/routes/task-outputs.ts';
import { taskSteeringRoutes } from './doors/http/routes/task-steering.ts';
import { taskTypeRoutes } from './doors/http/routes/task-types.ts';
import { taskRoutes } from './doors/http/routes/tasks.ts';
import { tokenRoutes } from './doors/http/routes/tokens.ts';
import { triggerRoutes } from './doors/http/routes/triggers.ts';
import { usageRoutes } from './doors/http/routes/usage.ts';
import { userAccessRoutes } from './doors/http/routes/user-access.ts';
import { userRoutes } from './doors/http/routes/users.ts';
import { waitRoutes } from './doors/http/routes/waits.ts';
import { webhookRoutes } from './doors/http/routes/webhooks.ts';
import { whatIfRoutes } from './doors/http/routes/what-if.ts';
import { TUS_PREFIX, type TusDoor } from './doors/tus/tus-door.ts';
import { DAV_PREFIX } from './doors/webdav/read-address.ts';
import type { WebdavDoor } from './doors/webdav/webdav-door.ts';
import { readiness } from './health/readiness.ts';
import type { Upkeep } from './open-upkeep.ts';
import { createMetrics, type Metrics } from './report/metrics.ts';
import type { Rooms } from './rooms.ts';

/** Every route of the HTTP door, each given the rooms that it needs. */
export const httpRoutes = (rooms: Rooms & Upkeep, registry: Registry, publicUrl?: string): AnyRoute[] => {
	const driveUrl = publicUrl === undefined ? null : `${publicUrl.replace(/\/+$/, '')}${DAV_PREFIX}/files/`;
	const routes = [
		...sessionRoutes({ accounts: rooms.accounts, storageOf: (ownerSeq) => rooms.files.storageOf(ownerSeq) }),
		...secondFactorRoutes(rooms),
		...tokenRoutes(rooms),
		...appPasswordRoutes(rooms, driveUrl),
		...userRoutes({ accounts: rooms.accounts, storagesOf: (seqs) => rooms.files.storagesOf(seqs) }),
		...userAccessRoutes(rooms),
		...passwordLinkRoutes(rooms),
		...rightsRoutes(rooms),
		...banRoutes(rooms),
		...choreRoutes(rooms),
		...backupRoutes(rooms),
		...settingsRoutes(rooms),
		...auditRoutes(rooms),
		...diagnosisRoutes(rooms),
		...mailRoutes(rooms),
		...fileRoutes(rooms),
		...folderRoutes(rooms),
		...contentRoutes(rooms),
		...archiveRoutes(rooms),
		...datasetRoutes(rooms),
		...datasetContentRoutes(rooms),
		...datasetImportRoutes(rooms),
		...taskRoutes(rooms),
		...provenanceRoutes(rooms),
		...resultRoutes(rooms),
		...taskDecisionRoutes(rooms),
		...taskOutputRoutes(rooms),
		...taskTypeRoutes(rooms),
		...scheduleRoutes(rooms),
		...sourceRoutes(rooms),
		...noticeRoutes(rooms),
		...webhookRoutes(rooms),
		...recipeRoutes(rooms),
		...triggerRoutes(rooms),
		...jobRoutes(rooms),
		...usageRoutes(rooms),
		...statementRoutes(rooms),
		...priceBookRoutes(rooms),
		...budgetRoutes(rooms),
		...estimateRoutes(rooms),
		...everyonesThingRoutes(rooms),
		...secretRoutes(rooms),
		...taskSteeringRoutes(rooms),
		...queueRoutes(rooms),
		...serviceClassRoutes(rooms),
		...groupRoutes(rooms),
		...policyRoutes(rooms),
		...whatIfRoutes(rooms),
		...actRoutes(rooms),
		...quarantineRoutes(rooms),
		...nodeRoutes(rooms),
		...nodeAttemptRoutes(rooms),
		...nodeTokenRoutes(rooms),
		...historyRoutes({ ...rooms, ...rooms.monitoring }),
		...waitRoutes(rooms),
		...agentRoutes(rooms),
		...agentSecretRoutes(rooms),
		...healthRoutes({
			...{ version: MILLRACE_VERSION, health: rooms.health },
			checks: () =>
				readiness({
					askLedger: () => rooms.accounts.setup.isNeeded(),
					disk: () => rooms.blobs.space.measure(),
					lastState: rooms.health.lastState,
				}),
		}),
		...metricsRoutes({ registry }),
	];
	return [...routes, ...apiContractRoutes({ routes, version: MILLRACE_VERSION })];
};

/** What has an HTTP of its own below a path. */
export const httpMounts = ({ tus, webdav }: { tus: TusDoor; webdav: WebdavDoor }): Mount[] => [
	{
		prefix: TUS_PREFIX,
		access: { verb: 'write', kind: 'file' },
		handle: (request, response, actor) => tus.handle(request, response, actor),
	},
	{
		prefix: DAV_PREFIX,
		scheme: 'basic',
		access: webdav.accessOf,
		handle: (request, response, actor) => webdav.handle(request, response, actor),
		problem: webdav.problem,
		answerStranger: webdav.answerStranger,
	},
];

/** The numbers that the rooms keep, for Prometheus. */
export const httpMetrics = (rooms: Rooms): Metrics => {
	const metrics = createMetrics({
		finished: () => rooms.queue.finished,
		submitted: () => rooms.queue.submitted,
		running: () => rooms.queue.running,
		queued: () => rooms.scheduler.queueDepths(),
		nodes: () => rooms.agents.nodes.countByState(),
		uploads: () => rooms.uploads.totals,
		ledgerWaiting: () => rooms.ledger.waiting,
		work: rooms.monitoring.workSources,
	});
	rooms.monitoring.tellWaits(metrics.waited);
	rooms.monitoring.tellCommits(metrics.committed);
	return metrics;
};
