import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { recipeDraftSchema } from '../../shared/protocol/recipe.ts';
import { triggerDraftSchema } from '../../shared/protocol/trigger.ts';
import { JobsRoom } from '../../test/support/jobs-room.ts';
import { plainOrigin } from '../queue/task-origin-store.ts';
import { prepareTellFiled } from './filed-store.ts';

const BY = { actor: 'usr_a', address: '' };

let room: JobsRoom;
beforeEach(async () => {
	room = await JobsRoom.open();
});
afterEach(() => room[Symbol.asyncDispose]());

const make = (name: string, steps: object[] = [{ type: 'noop' }]) =>
	room.processing.recipes.create(1, recipeDraftSchema.parse({ name, steps }), BY);
const attach = async (recipe: { id: string }, more: object = {}) => {
	const draft = triggerDraftSchema.parse({ recipe: recipe.id, ...more });
	const { id } = await room.processing.triggers.create(1, draft, BY);
	return (await room.processing.triggers.read(id)).seq;
};
/** Without what everybody begins with. */
const plainly = async () => {
	for (const { id } of (await room.processing.recipes.list(1, { limit: 10 })).items) {
		await room.processing.recipes.remove(id, BY);
	}
};
const upload = async (path: string) =>
	(await room.upload(path, Math.random().toString())).tasks.map(({ type }) => type);
const firings = () => room.db.prepare('SELECT trigger_seq, state, tasks FROM trigger_firings ORDER BY seq').raw().all();
const seqOf = ({ id }: { id: string }) =>
	room.db.prepare('SELECT seq FROM recipes WHERE id = ?').pluck().get(id) as number;

describe('a recipe’s inbox', () => {
	test('starts it for what is put there or deeper, new or changed, and for nothing else', async () => {
		await plainly();
		const recipe = await make('Small: 64');
		expect(recipe.inbox).toBe('/_inbox/Small- 64');
		expect(await upload('/_inbox/Small- 64/a')).toEqual(['noop']);
		expect(await upload('/_inbox/Small- 64/a')).toEqual(['noop']);
		expect(await upload('/_inbox/Small- 64/deep/a')).toEqual(['noop']);
		for (const path of ['/_inbox/a', '/_inbox/Small/a', '/Small- 64/a', '/x/_inbox/Small- 64/a']) {
			expect(await upload(path)).toEqual([]);
		}
		expect(await upload('/_inbox/Small- 64/._a')).toEqual([]);
		for (const name of ['a.part', 'a.crdownload']) expect(await upload(`/_inbox/Small- 64/${name}`)).toEqual(['noop']);
		expect(firings()).toEqual([1, 2, 3, 4, 5].map(() => [-seqOf(recipe), 'fired', 1]));
		const cause = room.db
			.prepare('SELECT DISTINCT cause, recipe, trigger_seq FROM task_origins ORDER BY 1')
			.raw()
			.all();
		expect(cause).toEqual([
			['update', recipe.id, -seqOf(recipe)],
			['upload', recipe.id, -seqOf(recipe)],
		]);
	});

	test('is there from the moment that the recipe is, under its name of now', async () => {
		await plainly();
		expect(await upload('/_inbox/new/a')).toEqual([]);
		const recipe = await make('new');
		expect(await upload('/_inbox/new/b')).toEqual(['noop']);
		const draft = recipeDraftSchema.parse({ name: 'other', steps: [{ type: 'md5' }] });
		const changed = await room.processing.recipes.change(recipe.id, draft, { ifMatch: null, ifNoneMatch: null }, BY);
		expect(changed.inbox).toBe('/_inbox/other');
		expect(await upload('/_inbox/new/c')).toEqual([]);
		expect(await upload('/_inbox/other/c')).toEqual(['md5']);
		await room.processing.recipes.remove(recipe.id, BY);
		expect(await upload('/_inbox/other/d')).toEqual([]);
	});

	test('makes plans stale that were made before the recipe was', async () => {
		await plainly();
		const revision = () => room.count('SELECT revision FROM recipe_books WHERE owner_seq = 1');
		const before = revision();
		await make('new');
		expect(revision()).toBe(before + 1);
	});

	test('that two recipes share by their names starts both', async () => {
		await plainly();
		await make('a/b', [{ type: 'md5' }]);
		await make('a:b', [{ type: 'noop' }]);
		expect(await upload('/_inbox/a-b/x')).toEqual(['md5', 'noop']);
	});

	test('stands back where a trigger starts the same recipe, and not where that is for other files', async () => {
		expect(await upload('/_inbox/Image basics/a')).toEqual(['md5', 'mimetype']);
		await plainly();
		const recipe = await make('r', [{ type: 'md5' }]);
		await attach(recipe, { folder: '/elsewhere' });
		const trigger = await attach(recipe, { mediaTypes: ['image/png'] });
		room.db.exec('DELETE FROM trigger_firings');
		expect(await upload('/_inbox/r/a')).toEqual(['md5']);
		await room.upload('/_inbox/r/b', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'));
		expect(firings()).toEqual([
			[-seqOf(recipe), 'fired', 1],
			[trigger, 'fired', 1],
		]);
		// Started for this version where it was before: not once more for being put into the inbox.
		await room.upload('/c', Buffer.from('89504e470d0a1a0a0000000d49484453', 'hex'));
		await room.files.transfer({
			...{ how: 'move', ownerSeq: 1, by: BY, from: ['c'], to: ['_inbox', 'r', 'c'] },
			...{ tokens: [], overwrite: false, isDeep: true },
		});
		await room.upload('/d', 'no picture');
		const moved = { how: 'move', ownerSeq: 1, by: BY, tokens: [], overwrite: false, isDeep: true } as const;
		await room.files.transfer({ ...moved, from: ['d'], to: ['_inbox', 'r', 'd'] });
		await room.settled();
		expect(firings().slice(2)).toEqual([
			[trigger, 'fired', 1],
			[-seqOf(recipe), 'fired', 1],
		]);
	});

	test('that waits for a file’s type with a trigger stands back when that has made its tasks', async () => {
		await plainly();
		const recipe = await make('r', [{ type: 'textstats' }]);
		const trigger = await attach(recipe, { mediaTypes: ['text/*'] });
		const typeIs = async (path: string, type: string) => {
			expect(await upload(path)).toEqual(['mimetype']);
			const name = path.slice(path.lastIndexOf('/') + 1);
			const file = room.count(`SELECT seq FROM files WHERE name = '${name}'`);
			room.db.exec(`UPDATE file_versions SET facts = '{"mimetype":"${type}"}' WHERE file_seq = ${file};
				UPDATE tasks SET state = 'succeeded', finished_at = 1, version = version + 1 WHERE file_seq = ${file}`);
			await room.settled();
		};
		await typeIs('/_inbox/r/a', 'text/plain');
		expect(firings()).toEqual([[trigger, 'fired', 1]]);
		await typeIs('/_inbox/r/b', 'application/pdf');
		expect(firings()).toEqual([[trigger, 'fired', 1]]);
		await room.processing.triggers.remove(room.db.prepare('SELECT id FROM triggers').pluck().get() as string, BY);
		await typeIs('/_inbox/r/c', 'text/plain');
		expect(firings().slice(1)).toEqual([[-seqOf(recipe), 'fired', 1]]);
	});

	test('takes no results, and never what came of itself', async () => {
		await plainly();
		const recipe = await make('r');
		const { file } = await room.upload('/_inbox/r/a', 'x');
		await room.upload('/_inbox/r/a.out', 'x');
		room.db.exec('DELETE FROM trigger_firings');
		const fileSeq = room.count(`SELECT seq FROM files WHERE name = 'a.out'`);
		const origin = { ...plainOrigin('upload'), triggerSeq: -seqOf(recipe), recipe: recipe.id };
		const filed = { ownerSeq: 1, fileSeq, version: 1, created: true, mediaType: null, origin, now: 1 };
		const all = await attach(recipe, { folder: '/', includeResults: true });
		prepareTellFiled(room.db)(filed);
		await room.settled();
		// The trigger is another one; what that makes has both behind it.
		expect(firings()).toEqual([[all, 'fired', 1]]);
		expect(room.db.prepare('SELECT lineage FROM task_origins ORDER BY task_seq DESC LIMIT 1').pluck().get()).toBe(
			JSON.stringify([-seqOf(recipe)]),
		);
		expect(file.version).toBe(1);
	});
});
