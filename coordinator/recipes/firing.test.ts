import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { recipeDraftSchema } from '../../shared/protocol/recipe.ts';
import { triggerDraftSchema } from '../../shared/protocol/trigger.ts';
import { JobsRoom } from '../../test/support/jobs-room.ts';
import { prepareHappening } from '../happenings/happening-store.ts';
import { plainOrigin } from '../queue/task-origin-store.ts';
import { prepareTellFiled } from './filed-store.ts';
import { TriggerBooks } from './trigger-book.ts';

const BY = { actor: 'usr_a', address: '' };

let room: JobsRoom;
beforeEach(async () => {
	room = await JobsRoom.open();
});
afterEach(() => room[Symbol.asyncDispose]());

const attach = async (more: object = {}, steps: object[] = [{ type: 'md5' }], name = `r${Math.random()}`) => {
	const recipe = await room.processing.recipes.create(1, recipeDraftSchema.parse({ name, steps }), BY);
	const draft = triggerDraftSchema.parse({ recipe: recipe.id, ...more });
	return { recipe, trigger: await room.processing.triggers.create(1, draft, BY) };
};
/** Without what everybody begins with. */
const plainly = async () => {
	const { items } = await room.processing.recipes.list(1, { limit: 10 });
	for (const { id } of items) await room.processing.recipes.remove(id, BY);
};
const typesOf = ({ tasks }: { tasks: readonly { type: string }[] }) => tasks.map(({ type }) => type);
const firings = (): unknown[] =>
	room.db.prepare('SELECT trigger_seq, version, event, state, tasks FROM trigger_firings ORDER BY seq').raw().all();
const fileSeq = (path: string) =>
	room.db.prepare('SELECT seq FROM files WHERE name = ?').pluck().get(path.slice(1)) as number;
const mimetypeIs = (path: string, type: string | null) => {
	if (type !== null) {
		const facts = JSON.stringify({ mimetype: type });
		room.db.prepare('UPDATE file_versions SET facts = ? WHERE file_seq = ?').run(facts, fileSeq(path));
	}
	const of = room.db
		.prepare(`SELECT t.id FROM tasks t JOIN task_types y ON y.seq = t.type_seq
			WHERE t.file_seq = ? AND y.name = 'mimetype' AND t.finished_at IS NULL`)
		.pluck()
		.all(fileSeq(path)) as string[];
	for (const id of of) room.end(id, type === null ? 'failed' : 'succeeded');
	return of.length;
};
const filed = (path: string, version: number, lineage: number[], triggerSeq: number | null) => {
	const origin = { ...plainOrigin('upload'), lineage, triggerSeq };
	const more = {
		ownerSeq: 1,
		fileSeq: fileSeq(path),
		version,
		created: version === 1,
		mediaType: null,
		origin,
		now: 1,
	};
	prepareTellFiled(room.db)(more);
};

describe('what everybody begins with', () => {
	test('is made once, by whatever comes first, and stays away when it was deleted', async () => {
		const answers = await Promise.all(['/a', '/b', '/c'].map((path) => room.upload(path, path)));
		for (const answer of answers) expect(typesOf(answer)).toEqual(['md5', 'mimetype']);
		const { items } = await room.processing.recipes.list(1, { limit: 10 });
		expect(items).toMatchObject([{ name: 'Image basics', version: 1, usedBy: { triggers: 1 }, broken: null }]);
		await room.processing.recipes.remove(items[0]!.id, BY);
		expect((await room.upload('/d', 'd')).tasks).toEqual([]);
		// As a process that has just begun sees it.
		expect((await new TriggerBooks(room.ledger).of(1)).all).toEqual([]);
		expect(room.count(`SELECT count(*) FROM audit_log WHERE action = 'recipe.create' AND actor = 'system'`)).toBe(1);
	});

	test('is there also for who makes a recipe before the first upload', async () => {
		await attach({ mediaTypes: ['image/png'] });
		expect(typesOf(await room.upload('/a', 'a'))).toEqual(['md5', 'mimetype']);
	});
});

describe('a trigger', () => {
	test('fires once for each version, and says why its tasks are there', async () => {
		const { recipe, trigger } = await attach({ folder: '/in', events: ['update'] }, [{ type: 'md5', priority: 7 }]);
		expect(typesOf(await room.upload('/in/a', 'a'))).toEqual(['md5', 'mimetype']);
		expect(typesOf(await room.upload('/in/a', 'b'))).toEqual(['md5', 'mimetype', 'md5']);
		expect(typesOf(await room.upload('/in/a', 'b'))).toEqual(['md5', 'mimetype', 'md5']);
		const origins = room.db
			.prepare(`SELECT cause, recipe, step, priority FROM task_origins o JOIN tasks t ON t.seq = o.task_seq
			WHERE recipe = ?`)
			.raw();
		expect(origins.all(recipe.id)).toEqual([
			['update', recipe.id, 0, 7],
			['update', recipe.id, 0, 7],
		]);
		const { seq, trigger: now } = await room.processing.triggers.read(trigger.id);
		expect(now.lastFiredAt).not.toBeNull();
		const page = await room.processing.triggers.firings(seq, { limit: 1 });
		expect(page.items).toMatchObject([{ name: 'a', version: 3, event: 'update', state: 'fired', tasks: 1 }]);
		expect(page.nextCursor).not.toBeNull();
	});

	test('that is made, changed or deleted counts for the very next upload, whatever is in memory', async () => {
		await room.upload('/a', 'a');
		// Behind the back of what is in memory, as another process’s write would be.
		const { recipe } = await attach();
		room.db.exec(`INSERT INTO triggers (id, owner_seq, recipe_seq, folder, recursive, media_types, ignored, events,
			on_results, enabled, created_at) SELECT 'trg_x', 1, seq, '/', 1, '["*/*"]', '[]', '["upload"]', 0, 1, 1
			FROM recipes WHERE id = '${recipe.id}'; UPDATE recipe_books SET revision = revision + 1`);
		expect(typesOf(await room.upload('/b', 'b'))).toEqual(['md5', 'mimetype', 'md5', 'md5']);
		await room.processing.recipes.remove(recipe.id, BY);
		expect(typesOf(await room.upload('/c', 'c'))).toEqual(['md5', 'mimetype']);
	});

	test('never sees half of a change, however uploads and changes come between each other', async () => {
		await plainly();
		const { trigger, recipe } = await attach({ folder: '/x' });
		const change = (folder: string) =>
			room.processing.triggers.change(
				trigger.id,
				triggerDraftSchema.parse({ recipe: recipe.id, folder }),
				{ ifMatch: null, ifNoneMatch: null },
				BY,
			);
		const work: Promise<unknown>[] = [];
		for (let i = 0; i < 30; i += 1) {
			work.push(room.upload(`/x/${i}`, `${i}`), room.upload(`/y/${i}`, `${i}`));
			if (i % 5 === 0) work.push(change(i % 2 === 0 ? '/y' : '/x'));
		}
		await Promise.all(work);
		// What an upload started is what the trigger was at that place in the order of transactions, which the audit tells.
		const entries = room.db
			.prepare(`SELECT action, detail ->> '$.path' AS path, detail ->> '$.folder' AS folder FROM audit_log
				WHERE action IN ('file.upload', 'trigger.create', 'trigger.change') ORDER BY seq`)
			.all() as { action: string; path: string; folder: string }[];
		let folder = '';
		const expected: string[] = [];
		for (const entry of entries) {
			if (entry.action !== 'file.upload') folder = entry.folder;
			else if (entry.path.startsWith(`${folder}/`)) expected.push(entry.path);
		}
		const made = room.db.prepare(`SELECT inputs ->> '$[0].path' FROM tasks ORDER BY seq`).pluck().all();
		expect(made).toEqual(expected);
		expect(entries).toHaveLength(67);
	});

	test('that waits for a file’s type fires when that is known, and not when it is another', async () => {
		await plainly();
		await attach({ mediaTypes: ['text/*'] }, [{ type: 'md5' }]);
		expect(typesOf(await room.upload('/a', 'a'))).toEqual(['mimetype']);
		await room.upload('/b', 'b');
		await room.upload('/c', 'c');
		expect(mimetypeIs('/a', 'text/plain')).toBe(1);
		mimetypeIs('/b', 'application/pdf');
		mimetypeIs('/c', null);
		await room.settled();
		expect(firings()).toEqual([
			[2, 1, 'upload', 'fired', 1],
			[2, 1, 'upload', 'skipped', 0],
		]);
		expect(room.count('SELECT count(*) FROM tasks')).toBe(4);
		expect(room.count('SELECT count(*) FROM happenings')).toBe(0);
		// Told once more, as by a process that died before it forgot: nothing.
		prepareHappening(room.db)({ at: 1, kind: 'trigger.typed', ownerSeq: 1, ref: fileSeq('/a'), detail: 1 });
		await room.settled();
		expect(room.count('SELECT count(*) FROM tasks')).toBe(4);
	});
});

describe('results that have become files', () => {
	test('start what wants them, each once, and A that starts B that starts A ends', async () => {
		await plainly();
		const a = await attach({ folder: '/', includeResults: true }, [{ type: 'md5' }], 'a');
		const b = await attach({ folder: '/', includeResults: true }, [{ type: 'noop' }], 'b');
		await attach({ folder: '/' }, [{ type: 'md5' }], 'not for results');
		await room.upload('/x', 'x');
		const [seqA = 0, seqB = 0] = await Promise.all(
			[a, b].map(async ({ trigger }) => (await room.processing.triggers.read(trigger.id)).seq),
		);
		room.db.exec('DELETE FROM trigger_firings');
		filed('/x', 1, [], seqA);
		await room.settled();
		expect(firings()).toEqual([
			[seqA, 1, 'upload', 'skipped', 0],
			[seqB, 1, 'upload', 'fired', 1],
		]);
		const lineage = room.db.prepare(`SELECT lineage FROM task_origins WHERE cause = 'result'`).pluck();
		expect(lineage.all()).toEqual([JSON.stringify([seqA])]);
		// What came of that in turn starts neither.
		await room.upload('/y', 'y');
		room.db.exec('DELETE FROM trigger_firings');
		filed('/y', 1, [seqA], seqB);
		filed('/y', 1, [seqA], seqB);
		await room.settled();
		expect(firings()).toEqual([
			[seqA, 1, 'upload', 'skipped', 0],
			[seqB, 1, 'upload', 'skipped', 0],
		]);
	});
});

describe('looking at a file', () => {
	test('starts what its owner wants then, once a version', async () => {
		await attach({ events: ['access'] }, [{ type: 'md5' }]);
		const { file } = await room.upload('/a', 'a');
		const look = async () => room.processing.accesses.note(await room.processing.accesses.find(file.id));
		const all = await Promise.all([look(), look(), look()]);
		expect(all.flat()).toHaveLength(1);
		expect(await look()).toEqual([]);
		await room.upload('/a', 'b');
		expect(await look()).toHaveLength(1);
		await room.files.trash({ kind: 'file', id: file.id, ownerSeq: 1, by: BY });
		await expect(look()).rejects.toMatchObject({ code: 'not-found' });
	});

	test('is also being given its content, for its owner alone, and once for each version', async () => {
		const { accesses } = room.processing;
		const { file } = await room.upload('/a', 'a');
		const serve = async (by: number, version = 1, fileId = file.id) => {
			accesses.served(by, { ownerSeq: 1, fileId, version });
			await accesses.settled();
			return room.count(`SELECT count(*) FROM task_origins WHERE cause = 'access'`);
		};
		expect(await serve(1)).toBe(0);
		// A trigger that came after a look is started by the next one.
		await attach({ events: ['access'] }, [{ type: 'md5' }]);
		expect(await serve(2)).toBe(0);
		expect(await serve(1)).toBe(1);
		expect(await serve(1)).toBe(1);
		await room.upload('/a', 'b');
		expect(await serve(1, 2)).toBe(2);
		const gone = (await room.upload('/gone', 'c')).file.id;
		await room.files.trash({ kind: 'file', id: gone, ownerSeq: 1, by: BY });
		expect(await serve(1, 1, gone)).toBe(2);
	});
});
