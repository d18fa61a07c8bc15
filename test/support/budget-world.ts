import Database from 'better-sqlite3';
import { priceBy } from '../../coordinator/accounting/price.ts';
import { addBook, readBooks } from '../../coordinator/accounting/price-store.ts';
import { Rollups } from '../../coordinator/accounting/rollups.ts';
import { NOTHING_USED, OF_NO_TASK, usageRow } from '../../coordinator/accounting/usage-record.ts';
import { SYSTEM } from '../../coordinator/audit/doer.ts';
import { Budgets } from '../../coordinator/budgets/budgets.ts';
import { newId } from '../../coordinator/database/new-id.ts';
import { writeOperation } from '../../coordinator/database/operation.ts';
import { settlePlain } from '../../coordinator/jobs/settle-store.ts';
import { OPERATIONS } from '../../coordinator/operations.ts';
import { ANY_VERSION } from '../../coordinator/qos/version-condition.ts';
import { Admissions } from '../../coordinator/queue/admissions.ts';
import { cancelTasks } from '../../coordinator/queue/cancel-store.ts';
import { prepareSettle, type SettleItem } from '../../coordinator/queue/lease-store.ts';
import { retryOwnTask } from '../../coordinator/queue/retry-store.ts';
import { type NewTask, type SubmitAnswer, type Submitted, submitTasks } from '../../coordinator/queue/submit-store.ts';
import { TaskTypes } from '../../coordinator/queue/task-types.ts';
import { ledgerViolations, type Violation } from '../../coordinator/verify/ledger-rules-store.ts';
import { BUILT_IN_TASK_TYPES } from '../../shared/protocol/built-in-task-types.ts';
import { pricesSchema } from '../../shared/protocol/price-book.ts';
import { plainTask } from './plain-task.ts';
import { TempFolder } from './temp-folder.ts';
import { TestLedger } from './test-ledger.ts';

/** How an attempt ends: the task with it, or the task goes on, at its owner's cost or at the platform's. */
export type AttemptFate = 'succeeded' | 'failed' | 'again' | 'lost';

/** What a task costs when it is settled after so many seconds at work. */
export const PRICES = { attempt: 50, wallSecond: 100 };
/** What is expected of a type that has not run: ten seconds. */
export const UNKNOWN_COST = PRICES.attempt + 10 * PRICES.wallSecond;

/** Is undone when it has settled, as by a kill between the statements and their commit. */
const settleAndDie = writeOperation('test.settle-and-die', (db) => {
	const settle = prepareSettle(db);
	return (item: SettleItem): void => {
		settle(item);
		throw new Error('killed');
	};
});

/** Submits, settlements and budgets on a real ledger, with a clock that tests turn: 1 is ada, 2 bob, 3 root, who administers; bob is in the lab. */
export class BudgetWorld implements AsyncDisposable {
	readonly #folder = new TempFolder();
	now = Date.UTC(2026, 2, 10);
	ledger!: TestLedger;
	budgets!: Budgets;
	/** A second connection, to look at rows. */
	db!: Database.Database;
	readonly people = { ada: newId('user'), bob: newId('user'), root: newId('user') };
	readonly lab = newId('group');
	#typeSeq = 0;

	static async open(): Promise<BudgetWorld> {
		const world = new BudgetWorld();
		await world.#start();
		const { ada, bob, root } = world.people;
		world.db.exec(`INSERT INTO users (seq, id, username, username_key, password_hash, role, created_at) VALUES
			(1, '${ada}', 'ada', 'ada', 'x', 'user', 1), (2, '${bob}', 'bob', 'bob', 'x', 'user', 1),
			(3, '${root}', 'root', 'root', 'x', 'administrator', 1);
			INSERT INTO groups (seq, id, name, name_key, created_at) VALUES (1, '${world.lab}', 'lab', 'lab', 1);
			INSERT INTO group_members VALUES (1, 2);`);
		const book = { currency: 'EUR', prices: pricesSchema.parse(PRICES), classFactors: {}, note: '' };
		await world.ledger.write(addBook, { startsAt: null, book, by: SYSTEM, now: world.now });
		return world;
	}

	/** The process ends, and another begins on the same ledger. */
	async restart(): Promise<void> {
		this.db.close();
		await this.ledger[Symbol.asyncDispose]();
		await this.#start();
	}

	limit(owner: Parameters<Budgets['add']>[0]['owner'], amountMicro: number, action: 'warn' | 'hold' | 'stop' = 'hold') {
		return this.budgets.add({ owner, amountMicro, action }, SYSTEM);
	}

	raise(id: string, amountMicro: number) {
		return this.budgets.change(id, { amountMicro }, ANY_VERSION, SYSTEM);
	}

	async submit(ownerSeq = 1, count = 1, more: Partial<NewTask> = {}): Promise<Submitted[]> {
		const tasks = Array.from({ length: count }, () => plainTask(this.#typeSeq, { ownerSeq, ...more }));
		const args = { tasks, now: this.now, idempotency: null, ownerSeq, cap: null };
		return ((await this.ledger.write(submitTasks, args)) as SubmitAnswer).submitted;
	}

	/** Settles an attempt of a task in line that was at work for so long. */
	async settle(seq: number, seconds: number, fate: AttemptFate = 'succeeded'): Promise<void> {
		await this.ledger.write(settlePlain, [await this.#ending(seq, seconds, fate)]);
	}

	/** The same, undone in the middle of its transaction. */
	async settleKilled(seq: number, seconds: number): Promise<void> {
		const ending = await this.#ending(seq, seconds, 'succeeded');
		await this.ledger.write(settleAndDie, ending).catch((error: Error) => {
			if (error.message !== 'killed') throw error;
		});
	}

	async cancel(seq: number): Promise<void> {
		await this.ledger.write(cancelTasks, { act: null, seqs: [seq], now: this.now, onlyUnrun: false });
	}

	async retry(seq: number): Promise<void> {
		await this.ledger.write(retryOwnTask, { seq, now: this.now, cap: null });
	}

	/** Rows of the tasks that go on. */
	async admit(): Promise<number[]> {
		const admitted: number[] = [];
		const steering = {
			altered: (tasks: readonly { row: readonly unknown[] }[]) =>
				admitted.push(...tasks.filter(({ row }) => row.at(-1) === null).map(({ row }) => row[0] as number)),
		};
		await new Admissions({ ledger: this.ledger, steering: steering as never }).look(this.now);
		return admitted;
	}

	/** What breaks a rule of the ledger. */
	violations(): Violation[] {
		return ledgerViolations(this.db, { settled: false });
	}

	count(sql: string): number {
		return this.db.prepare(sql).pluck().get() as number;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.db.close();
		await this.ledger[Symbol.asyncDispose]();
		await this.#folder[Symbol.asyncDispose]();
	}

	async #start(): Promise<void> {
		const file = this.#folder.join('ledger.db');
		this.ledger = new TestLedger({ file, operations: [...OPERATIONS, settleAndDie] });
		this.db = new Database(file);
		const rollups = new Rollups({ ledger: this.ledger });
		this.budgets = new Budgets({
			...{ ledger: this.ledger, catchUp: () => rollups.catchUp(), currency: () => 'EUR' },
			now: () => this.now,
		});
		const types = await TaskTypes.load(this.ledger, BUILT_IN_TASK_TYPES);
		this.#typeSeq = types.newest('noop')!.seq;
	}

	async #ending(seq: number, seconds: number, fate: AttemptFate): Promise<SettleItem> {
		const { now } = this;
		const [ownerSeq, before] = this.db.prepare('SELECT owner_seq, attempt FROM tasks WHERE seq = ?').raw().get(seq) as [
			number,
			number,
		];
		const attempt = before + 1;
		const isOver = fate === 'succeeded' || fate === 'failed';
		const fact = { ...OF_NO_TASK, at: now, ownerSeq, kind: 'attempt' as const, taskSeq: seq, attempt };
		const row = usageRow({
			...{ ...fact, ...NOTHING_USED, charged: fate !== 'lost', taskType: 'noop', queue: 'normal' },
			...{ serviceClass: 'standard', wallUs: Math.round(seconds * 1e6) },
		});
		return {
			...{ seq, ownerSeq, attempt, token: `${seq}.${attempt}`, node: 'nod_a', startedAt: now, finishedAt: now },
			attemptState: fate === 'succeeded' ? 'succeeded' : fate === 'lost' ? 'lost' : 'failed',
			reason: null,
			next: { state: isOver ? fate : 'queued', dueAt: null, avoidNode: null },
			result: fate === 'succeeded' ? '{}' : null,
			error: fate === 'failed' ? { code: 'task-failed', message: 'it failed' } : null,
			...{ failures: 0, losses: 0, unclaimed: true },
			usage: priceBy(await this.ledger.read(readBooks, null))(row),
		};
	}
}
