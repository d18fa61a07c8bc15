import { join } from 'node:path';
import { BUILT_IN_TASK_TYPES } from '../shared/protocol/built-in-task-types.ts';
import { Accounting } from './accounting/accounting.ts';
import { StatementPrinter } from './accounting/statement-printer.ts';
import { Accounts } from './accounts/accounts.ts';
import { Agents } from './agents/agents.ts';
import { AttemptOutputs } from './agents/attempt-outputs.ts';
import { AuditLog } from './audit/audit-log.ts';
import { RefusalLog } from './audit/refusal-log.ts';
import type { CoordinatorConfig } from './config/coordinator-config.ts';
import { MILLRACE_VERSION } from './config/version.ts';
import { ThreadedLedger } from './database/threaded-ledger.ts';
import { resolveDatasetInputs } from './datasets/input-store.ts';
import { openDatasets } from './datasets/open-datasets.ts';
import { openDrive } from './drive/open-drive.ts';
import type { Events } from './events.ts';
import { EVERYONES_PAGES } from './everyones-pages.ts';
import { ArchiveTickets } from './files/archive-tickets.ts';
import { BlobStore } from './files/blob-store.ts';
import { Files } from './files/files.ts';
import { Happenings } from './happenings/happenings.ts';
import { Settling } from './jobs/settling.ts';
import { Submissions } from './jobs/submissions.ts';
import { SubmitRates } from './jobs/submit-rates.ts';
import { Uploads } from './jobs/uploads.ts';
import { Journal } from './journal/journal.ts';
import { Storyteller } from './journal/storyteller.ts';
import { openMonitoring } from './monitoring/open-monitoring.ts';
import { TaskFlows } from './monitoring/task-flows.ts';
import { openCare } from './open-care.ts';
import { openProcessing } from './open-processing.ts';
import { openSteering } from './open-steering.ts';
import { classRules } from './qos/class-rules.ts';
import { Groups } from './qos/groups.ts';
import { Policies } from './qos/policies.ts';
import { PolicyReader } from './qos/policy-reader.ts';
import { ServiceClasses } from './qos/service-classes.ts';
import { ClassMoves } from './queue/class-moves.ts';
import { NodeAttempts } from './queue/node-attempts.ts';
import { type ClassOf, inputKeysOf, type OpenTask } from './queue/open-task.ts';
import { Queues } from './queue/queues.ts';
import { withStartsBefore } from './queue/remember-starts.ts';
import type { OnAttemptOver } from './queue/settlements.ts';
import { TaskQueue } from './queue/task-queue.ts';
import type { TaskQueueOptions } from './queue/task-queue-options.ts';
import { TaskReader } from './queue/task-reader.ts';
import { TaskTypes } from './queue/task-types.ts';
import { NOT_GIVEN_BACK } from './queue/unreported-attempts.ts';
import { openPlanning } from './recipes/open-recipes.ts';
import { Announcer } from './report/announcer.ts';
import type { Logger } from './report/logger.ts';
import { Secrets } from './secrets/secrets.ts';
import { EveryonesThings } from './things/everyones-things.ts';
import { ThingChanges } from './things/thing-changes.ts';
import type { StoredUpload } from './tracing/task-spans.ts';
import { sendTo, Tracer } from './tracing/tracer.ts';
import { WhatIfs } from './what-if/what-ifs.ts';

const DAY_MS = 86_400_000;

/** Everything behind the doors. */
export type Rooms = Awaited<ReturnType<typeof openRooms>>;

/**
 * Builds the rooms, each from those it needs, in order. `push` goes out by the agents' door, which is built later.
 * `onFatal` is called when disk or database failed: nothing more can be promised then.
 */
export const openRooms = async (
	config: CoordinatorConfig,
	parts: { logger: Logger; push: TaskQueueOptions['push']; onFatal: (error: Error) => void },
) => {
	const { logger, push, onFatal } = parts;
	const announcer = new Announcer<Events>((error) => logger.error({ err: error }, 'a listener failed'));
	const file = join(config.data, 'ledger.db');
	const ledger = await ThreadedLedger.open({
		file,
		entry: new URL('./ledger-thread.js', import.meta.url),
		onFatal,
	});
	const things = new ThingChanges({ ledger, announcer, logger });
	ledger.whenWritten((answers) => things.written(answers));
	const audit = new AuditLog({ ledger });
	const refusals = new RefusalLog({ audit, logger });
	const inClass = (ownerSeq: number): string => policies.of(ownerSeq).serviceClass;
	const accounting = new Accounting({ ledger, logger, classOf: inClass, issuer: config.organisation });
	await accounting.open();
	const printer = new StatementPrinter({ programs: new URL('.', import.meta.url) });
	const policies = await Policies.load({ ledger, logger });
	const keyFile = config.secretKey ?? join(config.data, 'secret.key');
	const secrets = await Secrets.open({ ledger, keyFile, logger });
	const accounts = await Accounts.open({
		ledger,
		audit,
		announcer,
		logger,
		sessionIdleMs: 7 * DAY_MS,
		sessionMaxMs: 30 * DAY_MS,
		onClassGiven: () => policies.reload(),
		sealing: secrets,
		place: config.publicUrl === undefined ? undefined : new URL(config.publicUrl).hostname,
	});
	const blobs = await BlobStore.open({
		folder: join(config.data, 'blobs'),
		staging: join(config.data, 'staging'),
		watermark: config.freeSpace ?? null,
		onFatal,
		onLost: (lost) => logger.error(lost, 'content of the store is lost: its file is gone or has another size'),
		writerEntry: new URL('./blob-thread.js', import.meta.url),
	});
	const happenings = new Happenings({ ledger, logger });
	const files = new Files({
		ledger,
		blobs,
		announcer,
		logger,
		policies,
		happened: (last) => happenings.committed(last),
		meter: (transfer) => accounting.recordTransfer(transfer),
	});
	const archiveTickets = new ArchiveTickets({ ledger, walkFrom: (...from) => files.walkFrom(...from) });

	const types = await TaskTypes.load(ledger, BUILT_IN_TASK_TYPES);
	const journal = await Journal.open({
		ledger,
		logger,
		keptMs: config.journalDays * DAY_MS,
		keptBytes: config.journalBytes,
	});
	const flows: TaskFlows = new TaskFlows((routingKey) => scheduler.route(routingKey));
	const scheduler = journal.scheduler<OpenTask>({ inputsOf: inputKeysOf, watch: flows });
	const classOf: ClassOf = (owner, asked) => policies.classOf(owner, asked);
	const [now, clock] = [Date.now(), performance.now()];
	scheduler.setClasses(await withStartsBefore(policies.rules(), { ledger, classOf, now, clock }));
	const outputs = new AttemptOutputs({ blobs, logger });
	const settling = new Settling({
		...{ ledger, blobs, outputs, announcer },
		happened: (last) => happenings.committed(last),
		quotaOf: (ownerSeq) => files.quotaOf(ownerSeq),
	});
	// These two need what is built after them; until then there is nothing to tell.
	let agents: Agents | null = null;
	let onQueuesChanged = (): void => {};
	const onAttemptOver: OnAttemptOver = (lease, end) => {
		outputs.discard(lease);
		flows.ended(lease, end);
		if (end === null) return;
		if (end.state === 'succeeded') agents?.losses.settled(lease.node, lease.id, 'succeeded');
		else if (end.state === 'failed' && end.failure.class === 'crash') {
			agents?.losses.settled(lease.node, lease.id, 'crashed');
		} else if (end.state === 'lost' || (end.state === 'returned' && end.reason === NOT_GIVEN_BACK)) {
			agents?.losses.lost(lease.node, lease.id);
		}
	};
	const queues = await Queues.load({ ledger, scheduler, onChange: () => onQueuesChanged() });
	const tracer = new Tracer({ send: sendTo(config.otlpUrl), logger, version: MILLRACE_VERSION });
	const queue = await TaskQueue.open({
		ledger,
		scheduler,
		types,
		announcer,
		logger,
		classOf,
		policies,
		leaseMs: config.lease,
		linkGraceMs: config.linkGrace,
		commitEndings: tracer.traced((endings) => settling.commit(endings)),
		hasOutput: (ref, name, sha256, size) => outputs.has(ref, name, sha256, size),
		onAttemptOver,
		onImpossibleUsage: (...what) => agents?.faults.impossibleUsage(...what),
		price: accounting.prices.price,
		push,
	});
	onQueuesChanged = () => queue.queuesChanged();
	const classMoves = new ClassMoves({ scheduler, classOf, onMoved: () => queue.queuesChanged() });
	policies.onChange(({ classes }) => {
		if (classes.size > 0) scheduler.setClasses(policies.rules());
		classMoves.begin();
		queue.queuesChanged();
	});
	// Whatever changed while the queue was being opened was not heard.
	scheduler.setClasses(policies.rules());
	classMoves.begin();
	agents = await Agents.open({
		...{ ledger, queue, announcer, logger },
		noteRefusal: (...refusal) => refusals.note(...refusal),
	});
	const { nodes } = agents;
	const reader = new TaskReader({
		...{ ledger, scheduler, types, queue, classOf },
		nodeName: (id) => nodes.nameOf(id),
		whyPaused: (name) => queues.rows.find((row) => row.name === name)?.reason ?? null,
		whyResting: (names) => nodes.resting(names),
	});
	const namesOf = (people: readonly number[]) => accounts.users.namesOf(people);
	const nodeAttempts = new NodeAttempts({ ledger, leasesOf: (node) => queue.leasesOf(node), leaseMs: config.lease });
	const stories = new Storyteller({
		tasks: reader,
		namesOf,
		flush: () => journal.flush(),
		file,
		nodeName: (id) => nodes.nameOf(id),
	});
	const whatIfs = new WhatIfs({
		entry: new URL('./what-if-thread.js', import.meta.url),
		ledgerFile: file,
		flush: () => journal.flush(),
		linkGraceMs: config.linkGrace,
		rulesOf: classRules,
		namesOf,
	});
	const route = (routingKey: string) => scheduler.route(routingKey);
	const planning = openPlanning({ ledger, types, policies, route });
	const uploaded = (upload: StoredUpload) => tracer.uploaded(upload);
	const uploads = new Uploads({ ledger, files, queue, ...planning, maxFileBytes: config.maxFileSize, uploaded });
	const checkNew = (routingKey: string) => queues.checkNew(routingKey);
	const rates = new SubmitRates({ policies });
	const submissions = new Submissions({
		...{ ledger, types, queue, policies, route, checkNew, rates },
		findInDatasets: (ownerSeq, inputs) => ledger.read(resolveDatasetInputs, { ownerSeq, inputs }),
	});
	const around = () => ({ queues: queues.rows, types: types.list() });
	const standing = () => monitoring.tasksByClass();
	const serviceClasses = new ServiceClasses({ ledger, policies, around, standing });
	const groups = new Groups({ ledger, policies });
	const policyReader = new PolicyReader({ policies, userSeqOf: (id) => accounts.users.seqOf(id) });
	const { steering: nodeSteering } = agents;
	const { taskActs, ...steering } = openSteering({
		...{ announcer, ledger, logger, scheduler, queue, queues, reader, accounting },
		nodes: nodeSteering,
		classOf,
		checkRetry: (task, mayNameAny) => submissions.checkRetry(task, mayNameAny),
	});
	const processing = await openProcessing({
		...{ config, ledger, logger, happenings, submissions, queue, types, policies, rates, route, checkNew, scheduler },
		...{ planning, steering, files, secrets },
	});
	const publishing = openDatasets({
		...{ ledger, logger, files },
		roots: config.datasetRoots,
		maxFileBytes: config.maxFileSize,
	});
	await publishing.start();
	const { datasets, contents } = publishing;
	const { books } = planning;
	const drive = openDrive({ ledger, files, datasets, contents, uploads, books, reader });

	const monitoring = openMonitoring({
		folder: config.data,
		mostBytes: config.historyBytes,
		entry: new URL('./history-thread.js', import.meta.url),
		...{ ledger, logger, flows, agents, queues, policies, scheduler, space: blobs.space, board: steering.queueBoard },
	});

	const care = await openCare({
		...{ config, ledger, logger, accounts, accounting, policies, blobs, files, nodes, queue, queues, scheduler },
		...{ flows, announcer, astray: () => steering.queueWaits.astray() },
		walBytes: () => monitoring.workSources.ledgerLogBytes(),
		deliveries: processing.deliveries,
		secrets,
	});

	return {
		...{ announcer, things, ledger, audit, refusals, accounting, printer, accounts, policies },
		...{ policyReader, serviceClasses, groups, blobs, files, archiveTickets, types, journal, stories, whatIfs },
		...{ scheduler, outputs, queues, queue, nodeAttempts, everyones: new EveryonesThings(ledger, EVERYONES_PAGES) },
		...{ agents, reader, uploads, submissions, datasets, contents, drive, taskActs, monitoring },
		...processing,
		...care,
		...steering,
		async [Symbol.asyncDispose](): Promise<void> {
			await care.health[Symbol.asyncDispose]();
			await care.alerts.settled();
			await care.outbox[Symbol.asyncDispose]();
			await monitoring[Symbol.asyncDispose]();
			policies[Symbol.dispose]();
			classMoves.stop();
			await publishing[Symbol.asyncDispose]();
			await files.settler[Symbol.asyncDispose]();
			await taskActs[Symbol.asyncDispose]();
			await processing[Symbol.asyncDispose]();
			await queue[Symbol.asyncDispose]();
			await tracer[Symbol.asyncDispose]();
			await agents[Symbol.asyncDispose]();
			await accounting.requests[Symbol.asyncDispose]();
			await printer[Symbol.asyncDispose]();
			await accounts[Symbol.asyncDispose]();
			await whatIfs[Symbol.asyncDispose]();
			await stories[Symbol.asyncDispose]();
			await journal[Symbol.asyncDispose]();
			await things[Symbol.asyncDispose]();
			await refusals[Symbol.asyncDispose]();
			await blobs[Symbol.asyncDispose]();
			await ledger[Symbol.asyncDispose]();
		},
	};
};
