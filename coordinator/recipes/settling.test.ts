import { Readable } from 'node:stream';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type RecipeDraft, recipeDraftSchema } from '../../shared/protocol/recipe.ts';
import { triggerDraftSchema } from '../../shared/protocol/trigger.ts';
import { JobsRoom } from '../../test/support/jobs-room.ts';
import { releaseLock, takeLock } from '../files/lock-operation-store.ts';
import { parsePath } from '../files/safe-path.ts';
import { settleDue } from '../files/unsettled-store.ts';
import { prepareHappening } from '../happenings/happening-store.ts';
import { Happenings } from '../happenings/happenings.ts';
import { openRecipes } from './open-recipes.ts';

const BY = { actor: 'usr_a', address: '' };
const DRIVE = { drive: { tokens: [] } };

let room: JobsRoom;
beforeEach(async () => {
	room = await JobsRoom.open();
	// Instead of what everybody begins with: what fires for new files, and for nothing else.
	const { recipes, triggers } = room.processing;
	for (const { id } of (await recipes.list(1, { limit: 10 })).items) await recipes.remove(id, BY);
	const draft: RecipeDraft = recipeDraftSchema.parse({ name: 'md5', steps: [{ type: 'md5' }] });
	const recipe = await recipes.create(1, draft, BY);
	await triggers.create(1, triggerDraftSchema.parse({ recipe: recipe.id, events: ['upload'] }), BY);
});
afterEach(() => room[Symbol.asyncDispose]());

const lock = async (path: string, expiresAt = Date.now() + 600_000) => {
	const own = { token: `urn:uuid:${path}`, names: parsePath(path), isExclusive: true, isDeep: true, holder: null };
	await room.ledger.write(takeLock, { ownerSeq: 1, lock: { ...own, expiresAt }, now: 0 });
	return own.token;
};
const unlock = async (path: string) => {
	const around = { ownerSeq: 1, names: parsePath(path), token: `urn:uuid:${path}`, now: Date.now() };
	await room.ledger.write(releaseLock, around);
	room.files.settler.wake();
};
/** The time that files waited for has come. */
const due = async () => {
	room.db.exec('UPDATE unsettled_files SET due_at = 1');
	room.files.settler.wake();
	await settled();
};
const settled = async () => {
	await room.files.settler.settled();
	await room.settled();
};
/** What was made: on which path, which version, and why. */
const made = (): unknown[] =>
	room.db
		.prepare(`SELECT t.inputs ->> '$[0].path', t.inputs ->> '$[0].version', o.cause FROM tasks t
			JOIN task_origins o ON o.task_seq = t.seq ORDER BY t.seq`)
		.raw()
		.all();
const waiting = () => room.count('SELECT count(*) FROM unsettled_files');

describe('an empty file that comes through the drive', () => {
	test('starts nothing until its content has come, and that counts as a new file', async () => {
		const first = await room.upload('/a', '', DRIVE);
		expect(first.tasks).toEqual([]);
		const settlesAt = async () => (await room.files.detail(first.file.id))!.detail.settlesAt;
		expect(Date.parse((await settlesAt()) ?? '')).toBeGreaterThan(Date.now());
		const { tasks, file } = await room.upload('/a', 'content', DRIVE);
		expect(file.version).toBe(2);
		expect(tasks).toHaveLength(1);
		expect(await settlesAt()).toBeNull();
		await due();
		expect(made()).toEqual([['/a', 2, 'upload']]);
		// What comes after that is another version, for which nobody asked.
		await room.upload('/a', 'more', DRIVE);
		expect(made()).toHaveLength(1);
	});

	test('is left alone for a minute, and is what it is then, once', async () => {
		await room.upload('/a', '', DRIVE);
		room.files.settler.wake();
		await settled();
		expect(made()).toEqual([]);
		await due();
		await due();
		expect(made()).toEqual([['/a', 1, 'upload']]);
		expect(waiting()).toBe(0);
	});

	test('waits for nothing when its content comes through another door', async () => {
		await room.upload('/a', '', DRIVE);
		expect((await room.upload('/a', 'content')).tasks).toHaveLength(1);
		expect(waiting()).toBe(0);
		expect((await room.upload('/b', '')).tasks).toHaveLength(1);
	});

	test('does not settle while its content is on the way', async () => {
		await room.upload('/a', '', DRIVE);
		const arrived = room.files.settler.expect(1, '/a');
		await due();
		expect(made()).toEqual([]);
		expect(waiting()).toBe(1);
		arrived();
		await due();
		expect(made()).toEqual([['/a', 1, 'upload']]);
	});
});

describe('a file that is locked', () => {
	test('starts what it starts when it is unlocked, by its newest content', async () => {
		const token = await lock('/in');
		await room.upload('/in/a', '', DRIVE).catch(() => {});
		expect(room.count('SELECT count(*) FROM files')).toBe(0);
		room.db.exec(`INSERT INTO folders (id, owner_seq, parent_seq, name, created_at) VALUES ('fld_1', 1, 0, 'in', 1)`);
		await expect(room.upload('/in/a', 'one', DRIVE)).rejects.toMatchObject({ code: 'locked' });
		const mine = { drive: { tokens: ['urn:uuid:other', token] } };
		expect((await room.upload('/in/a', 'one', mine)).tasks).toEqual([]);
		expect((await room.upload('/in/a', 'two', mine)).tasks).toEqual([]);
		await settled();
		expect(made()).toEqual([]);
		await unlock('/in');
		await settled();
		expect(made()).toEqual([['/in/a', 2, 'upload']]);
		expect(waiting()).toBe(0);
	});

	test('starts it when the lock ends by itself, and not before, however often it was looked at', async () => {
		const token = await lock('/a');
		await room.upload('/a', 'one', { drive: { tokens: [token] } });
		await due();
		expect(made()).toEqual([]);
		expect(room.count('SELECT due_at FROM unsettled_files')).toBe(room.count('SELECT expires_at FROM drive_locks'));
		room.db.exec('UPDATE drive_locks SET expires_at = 1');
		await due();
		expect(made()).toEqual([['/a', 1, 'upload']]);
	});

	test('and empty is still given its minute when it is unlocked', async () => {
		const token = await lock('/a');
		await room.upload('/a', '', { drive: { tokens: [token] } });
		await unlock('/a');
		await settled();
		expect(made()).toEqual([]);
		await room.upload('/a', 'content', DRIVE);
		expect(made()).toEqual([['/a', 2, 'upload']]);
	});

	test('binds no other door', async () => {
		await lock('/a');
		expect((await room.upload('/a', 'one')).tasks).toHaveLength(1);
	});
});

test('a process that dies between the two commits loses nothing, and the next one does it once', async () => {
	await room.upload('/a', '', DRIVE);
	const fileSeq = room.count('SELECT seq FROM files');
	room.db.exec('UPDATE unsettled_files SET due_at = 1');
	// Nobody is told that this was committed.
	await room.ledger.write(settleDue, { files: [fileSeq], underWay: [], now: 2 });
	expect(made()).toEqual([]);
	const happenings = new Happenings({ ledger: room.ledger, logger: pino({ level: 'silent' }) });
	const { ledger, queue, planning } = room;
	openRecipes({ ledger, queue, planning, happenings, logger: pino({ level: 'silent' }), settler: room.files.settler });
	happenings.kick();
	await happenings.settled();
	await happenings[Symbol.asyncDispose]();
	await settled();
	expect(made()).toEqual([['/a', 1, 'upload']]);
	// Told once more, and by garbage: nothing.
	const tell = prepareHappening(room.db);
	for (const detail of [
		{ version: 1, event: 'update', mediaType: null, isSniffed: true, from: null },
		{ version: 9 },
		null,
	]) {
		tell({ at: 1, kind: 'file.placed', ownerSeq: 1, ref: fileSeq, detail });
	}
	await settled();
	expect(made()).toHaveLength(1);
	expect(room.count('SELECT count(*) FROM happenings')).toBe(0);
});

test('a version that has settled starts what waits for new files, though another one has come before it did', async () => {
	await room.upload('/a', '', DRIVE);
	const fileSeq = room.count('SELECT seq FROM files');
	room.db.exec('UPDATE unsettled_files SET due_at = 1');
	await room.ledger.write(settleDue, { files: [fileSeq], underWay: [], now: 2 });
	const token = await lock('/a');
	await room.upload('/a', 'content', { drive: { tokens: [token] } });
	await settled();
	expect(made()).toEqual([['/a', 1, 'upload']]);
});

test('what is destroyed waits for nothing, and what is in the trash for being restored', async () => {
	const { file } = await room.upload('/a', '', DRIVE);
	const of = { kind: 'file', id: file.id, ownerSeq: 1, by: BY } as const;
	await room.files.trash(of);
	await due();
	expect(waiting()).toBe(1);
	expect(made()).toEqual([]);
	await room.files.destroy(of);
	expect(waiting()).toBe(0);
});

test('a temporary name waits as an empty file does', async () => {
	expect((await room.upload('/a.crdownload', 'half', DRIVE)).tasks).toEqual([]);
	await due();
	expect(made()).toEqual([['/a.crdownload', 1, 'upload']]);
});

test('the folder has to be there, unless it is an inbox', async () => {
	await expect(room.upload('/no/a', 'x', DRIVE)).rejects.toMatchObject({ code: 'conflict' });
	await expect(room.upload('/_inbox/other/a', 'x', DRIVE)).rejects.toMatchObject({ code: 'conflict' });
	await room.upload('/f', 'x', DRIVE);
	await expect(room.upload('/f/a', 'x', DRIVE)).rejects.toMatchObject({ code: 'not-a-folder' });
	await room.upload('/_inbox/md5/a', 'x', DRIVE);
	await room.upload('/_inbox/a', 'x', DRIVE);
	expect(room.count('SELECT count(*) FROM folders')).toBe(2);
});

test('whoever was never here has the inboxes of what everybody begins with', async () => {
	const actor = { userSeq: 2, userId: 'usr_b', address: '' };
	// Too large to come in vain: it is asked about before it flows.
	const { tasks } = await room.upload('/_inbox/Image basics/a', Buffer.alloc(300_000), {
		...DRIVE,
		actor,
		declaredBytes: 300_000,
	});
	expect(tasks.length).toBeGreaterThan(0);
});

test('what would be refused in the end is refused before its bytes flow', async () => {
	await lock('/a');
	const untouched = () =>
		new Readable({
			read() {
				this.destroy(new Error('its bytes flow'));
			},
		});
	await expect(room.upload('/no/a', untouched(), DRIVE)).rejects.toMatchObject({ code: 'conflict' });
	await expect(room.upload('/a', untouched(), DRIVE)).rejects.toMatchObject({ code: 'locked' });
	await expect(room.upload('/b', untouched(), DRIVE)).rejects.toThrow();
	expect(room.count('SELECT count(*) FROM files')).toBe(0);
});
