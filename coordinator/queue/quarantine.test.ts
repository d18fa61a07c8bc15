import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { TestLedger } from '../../test/support/test-ledger.ts';
import { ACT_OPERATIONS, beginAct } from '../acts/act-store.ts';
import { auditOf } from '../audit/doer.ts';
import { newId } from '../database/new-id.ts';
import { normaliseMessage } from './normalise-message.ts';
import { QUEUE_OPERATIONS } from './operations.ts';
import { LOOKED_AT, Quarantine } from './quarantine.ts';
import { discardTasks } from './quarantine-store.ts';
import type { TaskActs } from './task-acts.ts';

describe('a message without what differs', () => {
	it.each([
		['cannot read /data/part-7.bin at byte 700', 'cannot read # at byte #'],
		[`task ${newId('task')} is gone`, 'task # is gone'],
		['no C:\\temp\\x1.png here', 'no # here'],
		['hash deadbeef01234567 is wrong', 'hash # is wrong'],
		['id 3f2b8c1e-0000-4000-8000-1234567890ab', 'id #'],
		['http://host-1:80/x?y=2 answered 503', '# answered #'],
		['took 1.5 s, 10:30:11', 'took # s, #'],
		['the deed is added', 'the deed is added'],
	])('%s', (message, expected) => expect(normaliseMessage(message)).toBe(expected));

	it('is worked out at once whatever it holds', () => {
		for (const part of ['/', '0', 'a/', '#.', '(/', 'f0', ' ', 'http://', 'C:\\']) {
			expect(normaliseMessage(part.repeat(100_000)).length).toBeLessThanOrEqual(400);
		}
	});
});

describe('the quarantine', () => {
	let folder: TempFolder;
	let ledger: TestLedger;
	let replayed: number[];
	let quarantine: Quarantine;

	beforeEach(() => {
		folder = new TempFolder();
		ledger = new TestLedger({ file: folder.join('ledger.db'), operations: [...QUEUE_OPERATIONS, ...ACT_OPERATIONS] });
		replayed = [];
		const acts = {
			replay: async (seqs: readonly number[]) => {
				replayed.push(...seqs);
				return { act: null, matched: seqs.length, changed: seqs.length, skipped: 0, done: true };
			},
			discard: async (seqs: readonly number[]) => {
				const audit = auditOf({ actor: 'usr_x', address: '' }, 'tasks.discard', 'x', {});
				const act = await ledger.write(beginAct, { id: newId('act'), audit, matched: seqs.length });
				const { changed, skipped } = await ledger.write(discardTasks, { act, seqs, now: 1 });
				return { act: null, matched: seqs.length, changed, skipped, done: true };
			},
		};
		quarantine = new Quarantine({ ledger, acts: acts as unknown as TaskActs, lookedAt: { tasks: 3_000, atOnce: 300 } });
	});
	afterEach(async () => {
		await ledger[Symbol.asyncDispose]();
		await folder[Symbol.asyncDispose]();
	});

	/** So many failed tasks of two people, by the message of each. */
	const fail = (count: number, message: (i: number) => string) => {
		const db = new Database(folder.join('ledger.db'));
		for (const [seq, name] of ['a', 'b'].entries()) {
			db.prepare(
				`INSERT OR IGNORE INTO users (seq, id, username, username_key, password_hash, role, created_at)
				 VALUES (?, ?, ?, ?, 'x', 'user', 0)`,
			).run(seq + 1, newId('user'), name, name);
		}
		db.prepare(`INSERT OR IGNORE INTO task_types (seq, name, version, manifest) VALUES (1, 'noop', 1, '{}')`).run();
		const insert = db.prepare(
			`INSERT INTO tasks (id, owner_seq, type_seq, state, routing_key, priority, parameters, inputs, created_at,
			                    finished_at, error_code, error_message)
			 VALUES (?, ?, 1, ?, 'normal.x', 4, '{}', '[]', 0, ?, 'io', ?)`,
		);
		db.transaction(() => {
			for (let i = 0; i < count; i++) {
				insert.run(newId('task'), 1 + (i % 2), i % 5 ? 'failed' : 'quarantined', i + 1, message(i));
			}
		})();
		db.close();
	};

	it('makes few causes of a thousand failures, the most frequent first', async () => {
		fail(1_000, (i) => (i % 10 === 0 ? `host 10.0.0.${i} is away` : `cannot read /data/${i}/x.bin at byte ${i}`));
		const { groups, tasks, truncated } = await quarantine.list();
		expect({ tasks, truncated }).toEqual({ tasks: 1_000, truncated: false });
		expect(groups).toMatchObject([
			{ message: 'cannot read # at byte #', count: 900, people: 2, errorCode: 'io', type: 'noop' },
			{ message: 'host # is away', count: 100, people: 1 },
		]);
		expect(groups[0]).toMatchObject({
			firstSeenAt: '1970-01-01T00:00:00.002Z',
			lastSeenAt: '1970-01-01T00:00:01.000Z',
		});
		expect(groups[0]?.sampleTasks).toHaveLength(5);
		expect(await quarantine.list()).toEqual({ groups, tasks, truncated });
	});

	it('runs one of a cause again, the newest so many, or all', async () => {
		fail(750, (i) => (i % 2 ? `odd ${i}` : 'even'));
		const by = { actor: 'usr_x', address: '' };
		const odd = (await quarantine.list()).groups.find(({ message }) => message === 'odd #')!;
		await quarantine.replay({ group: odd.group, limit: 'one' }, by);
		expect(replayed).toEqual([750]);
		await quarantine.replay({ group: odd.group, limit: 2 }, by);
		expect(replayed).toEqual([750, 750, 748]);
		expect(await quarantine.replay({ group: odd.group, limit: 'all' }, by)).toMatchObject({ matched: 375 });
		await expect(quarantine.replay({ group: '0'.repeat(16), limit: 'all' }, by)).rejects.toMatchObject({
			code: 'not-found',
		});
	});

	it('forgets a cause that is discarded, unless more of it came meanwhile', async () => {
		const by = { actor: 'usr_x', address: '' };
		fail(20, (i) => (i % 2 ? `odd ${i}` : 'even'));
		const odd = (await quarantine.list()).groups.find(({ message }) => message === 'odd #')!;
		const few = quarantine.discard({ group: odd.group, expected: 9 }, by);
		await expect(few).rejects.toMatchObject({ code: 'filter-changed' });
		expect(await quarantine.discard({ group: odd.group, expected: 10 }, by)).toMatchObject({ changed: 10, skipped: 0 });
		expect((await quarantine.list()).groups.map(({ message, count }) => [message, count])).toEqual([['even', 10]]);
		await expect(quarantine.discard({ group: odd.group }, by)).rejects.toMatchObject({ code: 'not-found' });
		fail(2, (i) => `odd ${i}`);
		expect((await quarantine.list()).groups, 'it is told of again when it happens again').toHaveLength(2);
	});

	it('looks at the newest so many and says that there are more', async () => {
		expect(LOOKED_AT.tasks).toBe(100_000);
		fail(3_001, (i) => (i === 0 ? 'the oldest' : `cannot read /data/${i}`));
		const { groups, tasks, truncated } = await quarantine.list();
		expect({ tasks, truncated, groups: groups.length }).toEqual({ tasks: 3_000, truncated: true, groups: 1 });
	});

	it('tells at most 500 causes', async () => {
		fail(600, (i) => `cause ${'x'.repeat((i % 290) + 1)}${i < 300 ? 'y' : 'z'}`);
		const { groups, truncated } = await quarantine.list();
		expect(groups).toHaveLength(500);
		expect(truncated).toBe(true);
	});
});
