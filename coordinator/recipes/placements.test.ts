import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { recipeDraftSchema } from '../../shared/protocol/recipe.ts';
import { triggerDraftSchema } from '../../shared/protocol/trigger.ts';
import { invariantViolations } from '../../test/support/check-invariants.ts';
import { JobsRoom } from '../../test/support/jobs-room.ts';
import { NO_CONDITION } from '../files/condition.ts';
import { releaseLock, takeLock } from '../files/lock-operation-store.ts';
import { parsePath } from '../files/safe-path.ts';
import { moveAt } from '../files/transfer-store.ts';
import { prepareHappening } from '../happenings/happening-store.ts';
import { Happenings } from '../happenings/happenings.ts';
import { openRecipes } from './open-recipes.ts';

const BY = { actor: 'usr_a', address: '' };

let room: JobsRoom;
beforeEach(async () => {
	room = await JobsRoom.open();
	const { recipes } = room.processing;
	for (const { id } of (await recipes.list(1, { limit: 10 })).items) await recipes.remove(id, BY);
});
afterEach(() => room[Symbol.asyncDispose]());

const attach = async (folder: string, more: object = {}) => {
	const name = `r${Math.random()}`;
	const draft = recipeDraftSchema.parse({ name, steps: [{ type: 'md5' }] });
	const recipe = await room.processing.recipes.create(1, draft, BY);
	const trigger = triggerDraftSchema.parse({ recipe: recipe.id, folder, ...more });
	const { id } = await room.processing.triggers.create(1, trigger, BY);
	return (await room.processing.triggers.read(id)).seq;
};
/** A program holds a folder with all that is in it until `end`. */
const hold = async (path: string) => {
	const around = { ownerSeq: 1, names: parsePath(path), token: 'urn:uuid:held' };
	const own = { isExclusive: true, isDeep: true, holder: null, expiresAt: Date.now() + 600_000 };
	await room.ledger.write(takeLock, { ownerSeq: 1, lock: { ...around, ...own }, now: 0 });
	const end = async () => {
		await room.ledger.write(releaseLock, { ...around, now: Date.now() });
		room.files.settler.wake();
		await settled();
	};
	return { token: around.token, end };
};
const transfer = async (how: 'copy' | 'move', from: string, to: string, tokens: string[] = []) => {
	const paths = { from: parsePath(from), to: parsePath(to) };
	await room.files.transfer({ how, ownerSeq: 1, by: BY, ...paths, tokens, overwrite: true, isDeep: true });
	await settled();
};
const settled = async () => {
	await room.files.settler.settled();
	await room.settled();
};
/** Where tasks were made since the last look, and why. */
const made = (): unknown[] => {
	const tasks = room.db
		.prepare(`SELECT t.inputs ->> '$[0].path', o.cause FROM tasks t JOIN task_origins o ON o.task_seq = t.seq
			WHERE t.seq > ? ORDER BY t.seq`)
		.raw()
		.all(seen);
	seen = room.count('SELECT coalesce(max(seq), 0) FROM tasks');
	return tasks;
};
let seen = 0;
beforeEach(() => {
	seen = 0;
});
/** Makes a result of the file, of a task that the trigger started. */
const isResultOf = (path: string, triggerSeq: number, lineage: number[] = []) => {
	room.db.exec(`INSERT INTO task_origins (task_seq, cause, trigger_seq, lineage)
		SELECT seq, 'upload', ${triggerSeq}, '${JSON.stringify(lineage)}' FROM tasks WHERE seq = (SELECT max(seq) FROM tasks)
		ON CONFLICT DO UPDATE SET trigger_seq = excluded.trigger_seq;
		INSERT INTO provenance (file_seq, version, owner_seq, at, task_seq, output, type, lineage, record)
		SELECT f.seq, f.version, 1, 1, (SELECT max(seq) FROM tasks), 'x', 'md5', '${JSON.stringify(lineage)}', '{}'
		FROM files f WHERE name = '${parsePath(path).at(-1)}'`);
};

describe('a file that is moved', () => {
	test('is an upload of its new name, for what was not for the old one, and once', async () => {
		await room.upload('/a', 'x');
		await room.upload('/b', 'x');
		await attach('/');
		await attach('/in', { events: ['upload'] });
		await attach('/in', { events: ['update'] });
		await room.files.makeFolder(1, ['in']);
		const { file } = await room.upload('/c', 'x');
		expect(made()).toEqual([['/c', 'upload']]);
		await transfer('move', '/a', '/in/a');
		await transfer('move', '/c', '/in/c');
		expect(made()).toEqual([
			['/in/a', 'upload'],
			['/in/c', 'upload'],
		]);
		await transfer('move', '/in/c', '/c');
		await transfer('move', '/c', '/in/d');
		expect(made()).toEqual([]);
		// Through another door, which makes the folders that are missing.
		await room.files.move({ kind: 'file', id: file.id, ownerSeq: 1, by: BY }, ['out', 'c']);
		await attach('/back');
		await room.files.move({ kind: 'file', id: file.id, ownerSeq: 1, by: BY }, ['back', 'c']);
		await settled();
		expect(made()).toEqual([['/back/c', 'upload']]);
	});

	test('counts from a name that meant nothing yet', async () => {
		await attach('/', { ignore: ['*.doing'] });
		await room.upload('/._a', 'x');
		await room.upload('/b.doing', 'x');
		expect(made()).toEqual([]);
		await transfer('move', '/._a', '/a');
		await transfer('move', '/b.doing', '/b');
		expect(made()).toEqual([
			['/a', 'upload'],
			['/b', 'upload'],
		]);
		await transfer('move', '/a', '/._a');
		expect(made()).toEqual([]);
	});

	test('from a temporary name of the drive settles at once under its own', async () => {
		await attach('/');
		await room.upload('/a.part', 'x', { drive: { tokens: [] } });
		await room.upload('/b', '', { drive: { tokens: [] } });
		expect(made()).toEqual([]);
		await transfer('move', '/a.part', '/a.txt');
		expect(made()).toEqual([['/a.txt', 'upload']]);
		// An empty one still waits for its content.
		await transfer('move', '/b', '/c');
		expect(made()).toEqual([]);
		expect(room.count('SELECT count(*) FROM unsettled_files')).toBe(1);
		await room.upload('/c', 'content', { drive: { tokens: [] } });
		expect(made()).toEqual([['/c', 'upload']]);
	});

	test('onto another one is an update of that', async () => {
		await attach('/');
		await room.upload('/letter', 'old');
		await room.upload('/new', 'new');
		made();
		await transfer('move', '/new', '/letter');
		expect(made()).toEqual([['/letter', 'update']]);
	});

	test('onto an empty one that waits is the first content of that', async () => {
		await attach('/', { events: ['upload'] });
		await room.upload('/letter', '', { drive: { tokens: [] } });
		await room.upload('/new.tmp', 'new', { drive: { tokens: [] } });
		await transfer('move', '/new.tmp', '/letter');
		expect(made()).toEqual([['/letter', 'upload']]);
		expect(room.count('SELECT count(*) FROM unsettled_files')).toBe(0);
	});

	test('or copied to where a program holds the name waits for that, by the type that its first bytes showed', async () => {
		await attach('/in', { mediaTypes: ['image/png'] });
		await room.files.makeFolder(1, ['in']);
		const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
		const { token, end } = await hold('/in');
		await room.upload('/a.part', png, { drive: { tokens: [] } });
		await room.upload('/in/old', 'old', { drive: { tokens: [token] } });
		made();
		await transfer('copy', '/a.part', '/in/new', [token]);
		await transfer('move', '/a.part', '/in/old', [token]);
		expect(made()).toEqual([]);
		await end();
		expect(made()).toEqual(expect.arrayContaining(['/in/new', '/in/old'].map((path) => [path, 'upload'])));
	});

	test('to a held name is for nothing that it was for before', async () => {
		await room.upload('/a', 'x');
		await attach('/');
		const inner = await attach('/in');
		await room.files.makeFolder(1, ['in']);
		const { token, end } = await hold('/in');
		await transfer('move', '/a', '/in/a', [token]);
		expect(made()).toEqual([]);
		await end();
		expect(made()).toEqual([['/in/a', 'upload']]);
		expect(room.count('SELECT trigger_seq FROM trigger_firings')).toBe(inner);
	});

	test('and empty is given its minute, copied or moved', async () => {
		await attach('/in');
		await room.files.makeFolder(1, ['in']);
		await room.upload('/a', '');
		await transfer('copy', '/a', '/in/b');
		await transfer('move', '/a', '/in/c');
		await room.upload('/a', '');
		await transfer('move', '/a', '/in/c');
		expect(made()).toEqual([]);
		expect(room.count('SELECT count(*) FROM unsettled_files')).toBe(2);
	});

	test('as a result is one still, and never starts what it came of', async () => {
		await room.upload('/a', 'x');
		const plain = await attach('/plain');
		const own = await attach('/in', { includeResults: true });
		const other = await attach('/in', { includeResults: true });
		await room.files.makeFolder(1, ['in']);
		await room.files.makeFolder(1, ['plain']);
		await room.upload('/in/source', 'x');
		made();
		isResultOf('/a', own);
		await transfer('move', '/a', '/plain/a');
		expect(made()).toEqual([]);
		await transfer('move', '/plain/a', '/in/a');
		expect(made()).toEqual([['/in/a', 'result']]);
		const firings = room.db.prepare(`SELECT trigger_seq, state FROM trigger_firings g JOIN files f ON f.seq = g.file_seq
			WHERE f.name = 'a' ORDER BY g.seq`);
		expect(firings.raw().all()).toEqual([
			[own, 'skipped'],
			[other, 'fired'],
		]);
		expect(plain).toBeGreaterThan(0);
	});

	test('as a result onto another one takes along how it was made', async () => {
		await attach('/');
		await attach('/', { includeResults: true });
		await room.upload('/old', 'old');
		await room.upload('/made', 'made');
		made();
		isResultOf('/made', 99);
		room.db.exec(`INSERT INTO filings (task_seq, name, state, file_seq, version, at)
			SELECT task_seq, 'x', 'filed', file_seq, version, 1 FROM provenance`);
		await transfer('move', '/made', '/old');
		expect(made()).toEqual([['/old', 'result']]);
		const target = room.count(`SELECT seq FROM files WHERE name = 'old'`);
		for (const table of ['provenance', 'filings']) {
			expect(room.db.prepare(`SELECT file_seq, version FROM ${table}`).raw().all()).toEqual([[target, 2]]);
		}
	});

	test('as a result with a history stays one in the trash, too', async () => {
		await room.upload('/made', 'one');
		await attach('/');
		await room.upload('/made', 'two');
		await room.upload('/old', 'old');
		isResultOf('/made', 99);
		room.db.exec(`INSERT INTO filings (task_seq, name, state, file_seq, version, at)
			SELECT task_seq, 'x', 'filed', file_seq, version, 1 FROM provenance`);
		await transfer('move', '/made', '/old');
		const versions =
			room.db.prepare(`SELECT f.name, p.version, p.record FROM provenance p JOIN files f ON f.seq = p.file_seq
			ORDER BY f.name`);
		expect(versions.raw().all()).toEqual([
			['made', 2, '{}'],
			['old', 2, '{}'],
		]);
		expect(room.db.prepare('SELECT file_seq, version FROM filings').raw().all()).toEqual([
			[room.count(`SELECT seq FROM files WHERE name = 'old'`), 2],
		]);
		const violations = await invariantViolations({ data: room.folder.path, settled: false });
		expect(violations.filter((rule) => rule.startsWith('I7'))).toEqual([]);
	});

	test('as a result of which nothing is known any more starts nothing', async () => {
		await room.upload('/a', 'x');
		await attach('/in', { includeResults: true });
		await room.files.makeFolder(1, ['in']);
		room.db.exec(`INSERT INTO provenance (file_seq, version, owner_seq, at, task_seq, output, type, lineage, record)
			SELECT seq, 1, 1, 1, 999, 'x', 'md5', '[]', '{}' FROM files`);
		await transfer('move', '/a', '/in/a');
		expect(made()).toEqual([]);
		// A copy is somebody’s own.
		await transfer('copy', '/in/a', '/in/b');
		expect(made()).toEqual([['/in/b', 'upload']]);
	});
});

describe('a folder', () => {
	const fill = async (folder: string, count: number) => {
		await room.upload(`${folder}/deep/er/x`, 'x');
		for (let i = 0; i < count; i += 1) await room.upload(`${folder}/${i}`, `${i}`);
		made();
	};

	test('that is moved starts what was not for its files before, and nothing else', async () => {
		await attach('/');
		await fill('/a', 3);
		const all = await attach('/in');
		await attach('/in/a/deep', { recursive: false });
		await room.files.makeFolder(1, ['in']);
		await transfer('move', '/a', '/in/a');
		expect(made()).toEqual(['/in/a/0', '/in/a/1', '/in/a/2', '/in/a/deep/er/x'].map((path) => [path, 'upload']));
		await transfer('move', '/in/a', '/b');
		expect(made()).toEqual([]);
		expect(room.count('SELECT count(*) FROM happenings')).toBe(0);
		expect(room.count(`SELECT count(*) FROM trigger_firings WHERE trigger_seq = ${all}`)).toBe(4);
	});

	test('that is moved with a file that waits leaves that to settle', async () => {
		await attach('/in', { events: ['upload'] });
		await room.upload('/a/done', 'x');
		await room.upload('/a/empty', '', { drive: { tokens: [] } });
		await room.files.makeFolder(1, ['in']);
		await transfer('move', '/a', '/in/a');
		expect(made()).toEqual([['/in/a/done', 'upload']]);
		await room.upload('/in/a/empty', 'content', { drive: { tokens: [] } });
		expect(made()).toEqual([['/in/a/empty', 'upload']]);
	});

	test('that comes with empty files, or to where a program holds it, starts nothing of that yet', async () => {
		await attach('/in');
		await room.files.makeFolder(1, ['in']);
		await room.upload('/a/empty', '');
		await room.upload('/a/half.part', 'x');
		await room.upload('/a/done', 'x');
		await transfer('copy', '/a', '/in/a');
		expect(made()).toEqual([['/in/a/done', 'upload']]);
		const { token, end } = await hold('/in');
		await transfer('move', '/a', '/in/b', [token]);
		expect(made()).toEqual([]);
		expect(room.count('SELECT count(*) FROM unsettled_files')).toBe(3);
		await end();
		expect(made()).toEqual([['/in/b/done', 'upload']]);
	});

	test('that is copied starts whatever is for it', async () => {
		await attach('/', { includeResults: false });
		await fill('/a', 2);
		await transfer('copy', '/a', '/b');
		expect(made()).toEqual(['/b/0', '/b/1', '/b/deep/er/x'].map((path) => [path, 'upload']));
	});

	test('of more files than one page is followed to its end, from where it was cut', async () => {
		await attach('/in');
		await room.upload('/a/x', 'x');
		room.db.exec(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 450)
			INSERT INTO files (id, owner_seq, folder_seq, name, version, created_at, modified_at)
			SELECT 'fil_' || i, 1, (SELECT seq FROM folders WHERE name = 'a'), printf('f%04d', i), 1, 1, 1 FROM n;
			INSERT INTO file_versions (file_seq, number, blob_seq, created_at, created_by)
			SELECT seq, 1, (SELECT min(seq) FROM blobs), 1, 1 FROM files WHERE name LIKE 'f____';
			UPDATE blobs SET refs = refs + 450`);
		await room.files.makeFolder(1, ['in']);
		const paths = { from: ['a'], to: ['in', 'a'] };
		const more = { tokens: [], overwrite: true, quota: null, now: 1 };
		// Nobody is told that this was committed: as by a process that died then. The one before it had done one page.
		await room.ledger.write(moveAt, { ownerSeq: 1, by: BY, ...paths, ...more });
		room.db.exec(`UPDATE happenings SET detail = '{"from":"/a","after":["file","f0100"]}'`);
		const { ledger, queue, planning } = room;
		const logger = pino({ level: 'silent' });
		const happenings = new Happenings({ ledger, logger });
		openRecipes({ ledger, queue, planning, happenings, logger, settler: room.files.settler });
		happenings.kick();
		await happenings.settled();
		await happenings[Symbol.asyncDispose]();
		await settled();
		expect(made()).toHaveLength(351);
		expect(room.count('SELECT count(*) FROM happenings')).toBe(0);
	});

	test('told twice, told of what is gone, and told as garbage does nothing more', async () => {
		await attach('/in');
		await fill('/a', 1);
		await room.files.makeFolder(1, ['in']);
		await transfer('move', '/a', '/in/a');
		expect(made()).toHaveLength(2);
		const folder = room.count(`SELECT seq FROM folders WHERE name = 'a'`);
		const tell = prepareHappening(room.db);
		const told = { at: 1, kind: 'folder.placed', ownerSeq: 1 } as const;
		tell({ ...told, ref: folder, detail: { from: '/a', after: ['file', ''] } });
		tell({ ...told, ref: 999, detail: { from: null, after: ['file', ''] } });
		tell({ ...told, ref: folder, detail: 'x' });
		tell({
			...told,
			kind: 'file.placed',
			ref: 999,
			detail: { version: 1, event: 'upload', mediaType: null, isSniffed: false, from: null },
		});
		tell({ ...told, kind: 'file.placed', ref: 1, detail: { version: 'x' } });
		await settled();
		expect(made()).toEqual([]);
		await room.files.removeAt({ ownerSeq: 1, by: BY, names: ['in', 'a'], tokens: [], condition: NO_CONDITION });
		tell({ ...told, ref: folder, detail: { from: null, after: ['file', ''] } });
		await settled();
		expect(made()).toEqual([]);
		expect(room.count('SELECT count(*) FROM happenings')).toBe(0);
	});
});
