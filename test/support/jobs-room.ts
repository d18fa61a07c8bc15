import { Readable } from 'node:stream';
import Database from 'better-sqlite3';
import { pino } from 'pino';
import { Accounting } from '../../coordinator/accounting/accounting.ts';
import { resolveDatasetInputs } from '../../coordinator/datasets/input-store.ts';
import { BlobStore } from '../../coordinator/files/blob-store.ts';
import { NO_CONDITION } from '../../coordinator/files/condition.ts';
import { Files } from '../../coordinator/files/files.ts';
import { Happenings } from '../../coordinator/happenings/happenings.ts';
import { Submissions } from '../../coordinator/jobs/submissions.ts';
import { SubmitRates } from '../../coordinator/jobs/submit-rates.ts';
import { type UploadRequest, Uploads } from '../../coordinator/jobs/uploads.ts';
import { openProcessing } from '../../coordinator/open-processing.ts';
import { OPERATIONS } from '../../coordinator/operations.ts';
import { ActParts } from '../../coordinator/queue/act-parts.ts';
import type { OpenTask } from '../../coordinator/queue/open-task.ts';
import { Queues } from '../../coordinator/queue/queues.ts';
import { TaskMatcher } from '../../coordinator/queue/task-matcher.ts';
import { TaskQueue } from '../../coordinator/queue/task-queue.ts';
import { TaskReader } from '../../coordinator/queue/task-reader.ts';
import { TaskTypes } from '../../coordinator/queue/task-types.ts';
import { openPlanning, type Planning } from '../../coordinator/recipes/open-recipes.ts';
import { Announcer } from '../../coordinator/report/announcer.ts';
import { Scheduler } from '../../coordinator/scheduler/scheduler.ts';
import { Secrets } from '../../coordinator/secrets/secrets.ts';
import type { Assignment } from '../../shared/protocol/agent-link.ts';
import { BUILT_IN_TASK_TYPES } from '../../shared/protocol/built-in-task-types.ts';
import { type TaskSubmission, taskSubmissionSchema } from '../../shared/protocol/task.ts';
import { TestBook } from './policy-book.ts';
import { TempFolder } from './temp-folder.ts';
import { TestLedger } from './test-ledger.ts';

/** Uploads and submits with real rooms, a real ledger and a real disk, and two people: 1 is ada, 2 is bob. */
export class JobsRoom implements AsyncDisposable {
	readonly folder = new TempFolder();
	readonly policies = new TestBook();
	/** What was pushed to agents. */
	readonly assigned: Assignment[] = [];
	/** What follows from what has happened. */
	processing!: Awaited<ReturnType<typeof openProcessing>>;
	/** A second connection, to look at rows. */
	db!: Database.Database;
	/** SQLite compiles with it what all triggers on tasks do, which is more than it then does. */
	#ending: Database.Statement | null = null;
	ledger!: TestLedger;
	files!: Files;
	queue!: TaskQueue;
	reader!: TaskReader;
	uploads!: Uploads;
	submissions!: Submissions;
	planning!: Planning;
	types!: TaskTypes;
	queues!: Queues;

	static async open(): Promise<JobsRoom> {
		const room = new JobsRoom();
		await room.#open();
		return room;
	}

	/** Submits one task, `noop` unless told. */
	submit(task: Partial<TaskSubmission> = {}, idempotencyKey: string | null = null, ownerSeq = 1) {
		return this.submissions.one(ownerSeq, taskSubmissionSchema.parse({ type: 'noop', ...task }), idempotencyKey);
	}

	batch(tasks: readonly Partial<TaskSubmission>[], idempotencyKey: string | null = null) {
		const whole = tasks.map((task) => taskSubmissionSchema.parse({ type: 'noop', ...task }));
		return this.submissions.batch(1, whole, idempotencyKey);
	}

	upload(path: string, content: Buffer | string | Readable, more: Partial<UploadRequest> = {}) {
		return this.uploads.receive({
			actor: { userSeq: 1, userId: 'usr_a', address: '' },
			path,
			source: content instanceof Readable ? content : Readable.from([Buffer.from(content)]),
			declaredBytes: content instanceof Readable ? null : Buffer.byteLength(content),
			condition: NO_CONDITION,
			...more,
		});
	}

	/** Waits until nothing follows any more from what has happened. */
	async settled(): Promise<void> {
		this.processing.happenings.kick();
		await this.processing.happenings.settled();
		await this.processing.feeder.settled();
	}

	/** Ends a task as its agent would, without what else that brings. */
	end(id: string, state: 'succeeded' | 'failed' = 'succeeded'): void {
		this.#ending ??= this.db.prepare(`UPDATE tasks SET state = ?, finished_at = 1, version = version + 1 WHERE id = ?`);
		this.#ending.run(state, id);
	}

	count(sql: string): number {
		return this.db.prepare(sql).pluck().get() as number;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.files.settler[Symbol.asyncDispose]();
		await this.processing[Symbol.asyncDispose]();
		await this.queue[Symbol.asyncDispose]();
		await this.files.blobs[Symbol.asyncDispose]();
		this.db.close();
		await this.ledger[Symbol.asyncDispose]();
		await this.folder[Symbol.asyncDispose]();
	}

	async #open(): Promise<void> {
		const { folder, policies } = this;
		const logger = pino({ level: 'silent' });
		const announcer = new Announcer<never>((error) => {
			throw error;
		});
		const ledger = new TestLedger({ file: folder.join('ledger.db'), operations: OPERATIONS });
		this.ledger = ledger;
		this.db = new Database(folder.join('ledger.db'));
		this.db.exec(`INSERT INTO users (seq, id, username, username_key, password_hash, role, created_at)
			VALUES (1, 'usr_a', 'ada', 'ada', 'x', 'user', 1), (2, 'usr_b', 'bob', 'bob', 'x', 'user', 1)`);
		const blobs = await BlobStore.open({ folder: folder.join('blobs'), staging: folder.join('staging'), watermark: 0 });
		const accounting = new Accounting({ ledger, logger, classOf: (seq) => policies.of(seq).serviceClass });
		const meter: ConstructorParameters<typeof Files>[0]['meter'] = (transfer) => accounting.recordTransfer(transfer);
		const happenings = new Happenings({ ledger, logger });
		const happened = (last: number) => happenings.committed(last);
		this.files = new Files({ ledger, blobs, announcer, logger, policies, meter, happened });
		const types = await TaskTypes.load(ledger, BUILT_IN_TASK_TYPES);
		this.types = types;
		const scheduler = new Scheduler<OpenTask>();
		this.queues = await Queues.load({ ledger, scheduler, onChange: () => {} });
		this.queue = await TaskQueue.open({
			ledger,
			scheduler,
			types,
			announcer,
			logger,
			policies,
			classOf: (owner) => policies.of(owner).serviceClass,
			leaseMs: 30_000,
			linkGraceMs: 10_000,
			commitEndings: async () => [],
			hasOutput: () => false,
			onAttemptOver: () => {},
			onImpossibleUsage: () => {},
			push: { assign: (_, tasks) => void this.assigned.push(...tasks), cancel: () => {} },
		});
		const route = (key: string) => scheduler.route(key);
		const { files, queue, queues } = this;
		const checkNew = (key: string) => queues.checkNew(key);
		this.planning = openPlanning({ ledger, types, policies, route });
		this.uploads = new Uploads({ ledger, files, queue, ...this.planning, maxFileBytes: 1e9 });
		const rates = new SubmitRates({ policies });
		this.submissions = new Submissions({
			...{ ledger, types, queue, policies, route, checkNew, rates },
			findInDatasets: (ownerSeq, inputs) => ledger.read(resolveDatasetInputs, { ownerSeq, inputs }),
		});
		const classOf = (owner: number) => policies.of(owner).serviceClass;
		this.reader = new TaskReader({
			...{ ledger, scheduler, types, queue, classOf },
			nodeName: (id) => id,
			whyPaused: () => null,
			whyResting: () => [],
		});
		this.processing = await openProcessing({
			...{ ledger, logger, queue, types, policies, rates, route, checkNew, scheduler, planning: this.planning, files },
			config: { egressAllow: [] },
			secrets: await Secrets.open({ ledger, logger, keyFile: folder.join('secret.key') }),
			submissions: this.submissions,
			happenings,
			steering: {
				actParts: new ActParts({ ledger, steering: queue.steering, writeClaims: () => queue.writeClaims() }),
				matcher: new TaskMatcher({ ledger, route, classOf }),
			},
		});
	}
}
