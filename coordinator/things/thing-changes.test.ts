import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DatasetsRoom } from '../../test/support/datasets-room.ts';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { TestLedger } from '../../test/support/test-ledger.ts';
import { SYSTEM } from '../audit/doer.ts';
import type { Ledger } from '../database/ledger.ts';
import { writeOperation } from '../database/operation.ts';
import { ANY_VERSION } from '../qos/version-condition.ts';
import { Announcer } from '../report/announcer.ts';
import { THING_OPERATIONS } from './operations.ts';
import { ThingChanges } from './thing-changes.ts';
import type { ThingChange, ThingEvents } from './thing-events.ts';

/** Whatever any room would write. */
const runSql = writeOperation('test.sql', (db) => (sql: string) => void db.exec(sql));

/** Things that are watched on a ledger, what is told of them, and how often the ledger was asked. */
const watched = (ledger: Ledger, onTold: () => void = () => {}) => {
	const told: (ThingChange[] | 'many')[] = [];
	const asked: string[] = [];
	const announcer = new Announcer<ThingEvents>((error) => {
		throw error;
	});
	announcer.on('thing:changed', (changes) => {
		told.push(changes);
		onTold();
	});
	announcer.on('thing:many-changed', () => told.push('many'));
	const counted: Ledger = {
		read: (operation, args) => ledger.read(operation, args),
		// As the real one, it says that it has answered before whoever asked goes on.
		write: (operation, args) => {
			asked.push(operation.name);
			return new Promise((resolve, reject) => {
				const answered =
					<T>(answer: (value: T) => void) =>
					(value: T) => {
						answer(value);
						things.written(1);
					};
				ledger.write(operation, args).then(answered(resolve), answered(reject));
			});
		},
		[Symbol.asyncDispose]: () => ledger[Symbol.asyncDispose](),
	};
	const things: ThingChanges = new ThingChanges({ ledger: counted, announcer, logger: pino({ level: 'silent' }) });
	/** What has been told since the last time, once all that was written is told. */
	const now = async () => {
		things.written(2);
		await vi.advanceTimersByTimeAsync(500);
		return told.splice(0).flat();
	};
	return { things, told, asked, now };
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const JOB = `INSERT INTO jobs (seq, id, owner_seq, cause, title, wish, state, created_at)
	VALUES (1, 'job_a', 1, 'demand', 'a', '{}', 'running', 1)`;
const taskRows = (count: number) =>
	`WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
	 INSERT INTO tasks (id, owner_seq, type_seq, state, routing_key, priority, parameters, inputs, created_at, queued_at, job_seq)
	 SELECT 'tsk_' || i, 1, 1, 'queued', 'normal.noop', 4, '{}', '[]', 1, 1, 1 FROM n`;
const endTask = (seq: number) => `UPDATE tasks SET state = 'succeeded', finished_at = 1 WHERE seq = ${seq}`;
const FILE = `INSERT INTO files (seq, id, owner_seq, folder_seq, name, version, created_at, modified_at)
	VALUES (1, 'fil_a', 1, 0, 'a', 1, 1, 1)`;
const RECIPE = `INSERT INTO recipes (seq, id, owner_seq, name, name_key, version, body, created_at, updated_at)
	VALUES (1, 'rcp_a', 1, 'a', 'a', 1, '{}', 1, 1)`;
const TRIGGER = `INSERT INTO triggers (seq, id, owner_seq, recipe_seq, version, folder, recursive, media_types, ignored, events,
	on_results, enabled, created_at) VALUES (1, 'trg_a', 1, 1, 3, '/', 1, '[]', '[]', '[]', 0, 1, 1)`;
const SCHEDULE = `INSERT INTO schedules (seq, id, owner_seq, name, name_key, version, cron, time_zone, wish, misfire, overlap,
	pause_after, state, next_at, created_at, updated_at)
	VALUES (1, 'sch_a', 1, 'a', 'a', 2, '* * * * *', 'UTC', '{}', 'skip', 'skip', 0, 'active', 1, 1, 1)`;
const SOURCE = `INSERT INTO datasets (seq, id, name, title, state, fed, created_at, updated_at)
	VALUES (9, 'dts_s', 's', 's', 'ready', 1, 1, 1);
	INSERT INTO sources (seq, id, owner_seq, name, name_key, version, type, parameters, secrets, dataset_seq, state, created_at,
		updated_at) VALUES (1, 'src_a', 1, 'a', 'a', 4, 'feed-topic', '{}', '{}', 9, 'active', 1, 1)`;
const notice = (seq: number) => `INSERT INTO notices (id, owner_seq, kind, fold_key, title, text, at)
	VALUES ('ntc_${seq}', 1, 'job-done', 'k', 't', 't', 1)
	ON CONFLICT (owner_seq, fold_key) WHERE read_at IS NULL DO UPDATE SET count = count + 1`;
const WEBHOOK = `INSERT INTO secrets (seq, id, owner_seq, name, name_key, key_id, nonce, sealed, version, created_at)
	VALUES (1, 'sec_a', 1, 'k', 'k', 'k', zeroblob(12), zeroblob(20), 1, 1);
	INSERT INTO webhooks (seq, id, owner_seq, name, name_key, url, key_seq, events, state, created_at)
	VALUES (1, 'whk_a', 1, 'a', 'a', 'https://x', 1, '[]', 'active', 1)`;

describe('things of one person', () => {
	let folder: TempFolder;
	let ledger: TestLedger;
	let stage: ReturnType<typeof watched>;
	beforeEach(async () => {
		folder = new TempFolder();
		ledger = new TestLedger({ file: folder.join('ledger.db'), operations: [...THING_OPERATIONS, runSql] });
		await sql(`INSERT INTO users (seq, id, username, username_key, password_hash, role, created_at)
			VALUES (1, 'usr_a', 'ada', 'ada', 'x', 'user', 1);
			INSERT INTO task_types (seq, name, version, manifest) VALUES (1, 'noop', 1, '{}')`);
		stage = watched(ledger);
	});
	afterEach(async () => {
		await stage.things[Symbol.asyncDispose]();
		await ledger[Symbol.asyncDispose]();
		await folder[Symbol.asyncDispose]();
	});
	const sql = (text: string) => ledger.write(runSql, text);
	const change = (what: string, id: string, version = 0, gone = false) => ({
		...{ what, id, version, gone },
		readers: { person: 1 },
	});

	test.each<[string, string[], string, ReturnType<typeof change>[]]>([
		['a recipe that is made', [], RECIPE, [change('recipe', 'rcp_a', 1)]],
		['a recipe that is changed', [RECIPE], 'UPDATE recipes SET version = 2', [change('recipe', 'rcp_a', 2)]],
		[
			'a recipe that is deleted, with its triggers',
			[RECIPE, TRIGGER],
			'DELETE FROM recipes',
			[change('recipe', 'rcp_a', 1, true), change('trigger', 'trg_a', 3, true)],
		],
		['a trigger', [RECIPE], TRIGGER, [change('trigger', 'trg_a', 3)]],
		[
			'what a trigger did',
			[FILE, RECIPE, TRIGGER],
			`INSERT OR IGNORE INTO trigger_firings (trigger_seq, file_seq, version, event, state, at)
			 VALUES (1, 1, 1, 'upload', 'fired', 1)`,
			[change('trigger', 'trg_a', 3)],
		],
		['a task that a job gets', [JOB], taskRows(1), [change('job', 'job_a')]],
		['a task of a job that ends', [JOB, taskRows(2)], endTask(1), [change('job', 'job_a')]],
		['a task that runs on its own', [JOB, taskRows(1), 'UPDATE tasks SET job_seq = NULL'], endTask(1), []],
		['a schedule that moves on', [SCHEDULE], 'UPDATE schedules SET next_at = 2', [change('schedule', 'sch_a', 2)]],
		[
			'a run of a schedule',
			[SCHEDULE],
			`INSERT INTO schedule_runs (id, schedule_seq, nominal_at, kind, fired_at, outcome)
			 VALUES ('srn_a', 1, 1000, 'tick', 1, 'skipped')`,
			[change('schedule', 'sch_a', 2)],
		],
		[
			'the end of a run’s job',
			[SCHEDULE, JOB, taskRows(1), 'UPDATE jobs SET schedule_seq = 1, fed_at = 1'],
			endTask(1),
			[change('job', 'job_a'), change('schedule', 'sch_a', 2)],
		],
		['a source that begins anew', [SOURCE], 'UPDATE sources SET version = 5', [change('source', 'src_a', 5)]],
		[
			'a run of a source',
			[SOURCE, JOB, taskRows(1)],
			`INSERT INTO source_runs (task_seq, source_seq, cursor_version, month, reserved, price_micros, state, started_at)
			 VALUES (1, 1, 0, 0, 0, 0, 'open', 1)`,
			[change('source', 'src_a', 4)],
		],
		['a notice, however often the same', [], [notice(1), notice(2)].join(';'), [change('notice', 'ntc_1')]],
		['a notice that is read', [notice(1)], 'UPDATE notices SET read_at = 1', [change('notice', 'ntc_1')]],
		[
			'a webhook that is paused',
			[WEBHOOK],
			`UPDATE webhooks SET state = 'paused', version = 5`,
			[change('webhook', 'whk_a', 5)],
		],
		[
			'a delivery',
			[WEBHOOK],
			`INSERT INTO webhook_deliveries (id, webhook_seq, event, body, state, next_at, created_at)
			 VALUES ('dlv_a', 1, 'test', '{}', 'due', 1, 1)`,
			[change('webhook', 'whk_a', 1)],
		],
	])('are told: %s', async (_, before, act, expected) => {
		for (const one of before) await sql(one);
		await stage.things.watch(true);
		await sql(act);
		expect(await stage.now()).toEqual(expected);
		expect(await stage.now()).toEqual([]);
	});

	test('a thousand tasks of a job are told four times a second, and the last of them too', async () => {
		await sql(JOB);
		await sql(taskRows(1_000));
		let ended = 0;
		const toldAt: number[] = [];
		const { things, told } = watched(ledger, () => toldAt.push(ended));
		await things.watch(true);
		while (ended < 1_000) {
			ended += 1;
			await sql(endTask(ended));
			things.written(1);
			await vi.advanceTimersByTimeAsync(2);
		}
		await vi.advanceTimersByTimeAsync(250);
		// Two seconds: one at once, then one each quarter.
		expect(told.length).toBeGreaterThan(4);
		expect(told.length).toBeLessThanOrEqual(9);
		expect(told.every((changes) => changes.length === 1)).toBe(true);
		expect(toldAt.at(-1)).toBe(1_000);
	});

	test('are not noted while nobody watches, nor some time after the last one went', async () => {
		const noted = () =>
			sql(`SELECT * FROM changed_things`).then(
				() => true,
				() => false,
			);
		stage.things.written(2);
		await sql(RECIPE);
		expect([await noted(), await stage.now(), stage.asked]).toEqual([false, [], []]);

		await stage.things.watch(true);
		await stage.things.watch(false);
		await vi.advanceTimersByTimeAsync(50_000);
		// Who comes back within a minute finds it as it was.
		await stage.things.watch(true);
		expect(await noted()).toBe(true);
		await stage.things.watch(false);
		await vi.advanceTimersByTimeAsync(60_000);
		expect(await noted()).toBe(false);
		expect(stage.asked.filter((name) => name === 'things.note-changes')).toHaveLength(2);
		await sql('UPDATE recipes SET version = 2');
		await stage.things.watch(true);
		expect(await stage.now()).toEqual([]);
	});

	test('the ledger is asked when something was written, and not for the answer to that', async () => {
		await stage.things.watch(true);
		for (let times = 1; times < 4; times += 1) {
			stage.things.written(1);
			await vi.advanceTimersByTimeAsync(10_000);
			expect(stage.asked).toEqual([
				'things.note-changes',
				...Array.from({ length: times }, () => 'things.take-changes'),
			]);
		}
	});

	test('what is undone is not told', async () => {
		await sql(RECIPE);
		await stage.things.watch(true);
		await expect(sql(`UPDATE recipes SET version = 2; ${RECIPE}`)).rejects.toThrow('UNIQUE');
		expect(await stage.now()).toEqual([]);
	});

	test('too much at once is told as much', async () => {
		await stage.things.watch(true);
		await sql(`WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
			INSERT INTO recipes (id, owner_seq, name, name_key, version, body, created_at, updated_at)
			SELECT 'rcp_' || i, 1, i, i, 1, '{}', 1, 1 FROM n`);
		expect(await stage.now()).toEqual(['many']);
		await sql('UPDATE recipes SET version = 2 WHERE seq = 1');
		expect(await stage.now()).toHaveLength(1);
	});
});

describe('datasets', () => {
	test('are told to those who may read them, and for the last time to those who could', async () => {
		vi.useRealTimers();
		await using room = await DatasetsRoom.open();
		await room.publish('shared');
		vi.useFakeTimers();
		room.jobs.db.exec(`INSERT INTO groups (seq, id, name, name_key, parent_seq, created_at)
			VALUES (1, 'grp_outer', 'outer', 'outer', NULL, 1), (2, 'grp_inner', 'inner', 'inner', 1, 1);
			INSERT INTO group_members VALUES (2, 2)`);
		const stage = watched(room.jobs.ledger);
		await using things = stage.things;
		await things.watch(true);
		const told = async () => (await stage.now()).map((one) => (one === 'many' ? null : { ...one, id: 'dts' }));
		const readers = async () => (await told()).map((one) => one?.readers);
		const share = (grants: object) => {
			const whole = { everyone: false, users: [], groups: [], ...grants };
			const by = { condition: ANY_VERSION, by: SYSTEM, mayShareWidely: true };
			return room.datasets.share({ readerSeq: 1, ref: 'shared' }, whole, by);
		};

		await share({ users: ['usr_b'], groups: ['grp_outer'] });
		expect(await readers()).toEqual([{ group: 1 }, { person: 1 }, { person: 2 }]);
		// He is in the inner one.
		expect([await things.membersOf(1, [1, 2]), await things.membersOf(2, [2, 3])]).toEqual([[2], [2]]);
		await share({ everyone: true });
		expect(await readers()).toEqual(['everybody', { group: 1 }, { person: 1 }, { person: 2 }]);
		await share({});
		expect(await readers()).toEqual(['everybody', { person: 1 }]);
		await share({ users: ['usr_b'] });
		await told();

		const asked = { readerSeq: 1, ref: 'shared' };
		await room.datasets.retire(asked, { condition: ANY_VERSION, by: SYSTEM, force: false });
		expect(await told()).toEqual([
			expect.objectContaining({ gone: true, readers: { person: 1 } }),
			expect.objectContaining({ gone: true, readers: { person: 2 } }),
		]);
	});
});
