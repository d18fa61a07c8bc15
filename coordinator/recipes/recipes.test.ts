import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { recipeDraftSchema } from '../../shared/protocol/recipe.ts';
import { triggerDraftSchema } from '../../shared/protocol/trigger.ts';
import { JobsRoom } from '../../test/support/jobs-room.ts';
import { ANY_VERSION } from '../qos/version-condition.ts';

const BY = { actor: 'usr_a', address: '' };

let room: JobsRoom;
beforeEach(async () => {
	room = await JobsRoom.open();
});
afterEach(() => room[Symbol.asyncDispose]());

const draft = (name: string, steps: object[] = [{ type: 'md5' }]) => recipeDraftSchema.parse({ name, steps });
const create = (name: string, steps?: object[], ownerSeq = 1) =>
	room.processing.recipes.create(ownerSeq, draft(name, steps), BY);
const attach = (recipe: string, more: object = {}, ownerSeq = 1) =>
	room.processing.triggers.create(ownerSeq, triggerDraftSchema.parse({ recipe, ...more }), BY);

describe('a recipe', () => {
	test('keeps every version, and an earlier one can be brought back', async () => {
		const { recipes } = room.processing;
		const { id } = await create('one');
		await recipes.change(id, draft('two', [{ type: 'mimetype' }]), { ifMatch: ['1'], ifNoneMatch: null }, BY);
		await expect(recipes.change(id, draft('late'), { ifMatch: ['1'], ifNoneMatch: null }, BY)).rejects.toMatchObject({
			code: 'precondition-failed',
		});
		const back = await recipes.rollBack(id, 1, ANY_VERSION, BY);
		expect(back).toMatchObject({ name: 'one', version: 3, steps: [{ type: 'md5' }] });
		expect((await recipes.versions(id)).map(({ version, name, by }) => [version, name, by])).toEqual([
			[3, 'one', 'ada'],
			[2, 'two', 'ada'],
			[1, 'one', 'ada'],
		]);
		await expect(recipes.rollBack(id, 9, ANY_VERSION, BY)).rejects.toMatchObject({ code: 'not-found' });
	});

	test('has a name of its own among one’s own, in whatever case', async () => {
		await create('Résumé');
		await expect(create('résumé'.normalize('NFD'))).rejects.toMatchObject({ code: 'name-taken' });
		await create('Résumé', undefined, 2);
	});

	test('and a trigger are made once by one key, also when they could not be made any more', async () => {
		const { recipes, triggers } = room.processing;
		const wanted = draft('one');
		const both = await Promise.all([1, 2].map(() => recipes.create(1, wanted, BY, 'key')));
		expect(both[0]!.id).toBe(both[1]!.id);
		await expect(recipes.create(1, draft('two'), BY, 'key')).rejects.toMatchObject({ code: 'idempotency-mismatch' });
		const when = triggerDraftSchema.parse({ recipe: both[0]!.id });
		const first = await triggers.create(1, when, BY, 'key');
		room.db.exec(`UPDATE recipes SET body = json_set(body, '$.steps[0].type', 'gone')`);
		expect((await triggers.create(1, when, BY, 'key')).id).toBe(first.id);
		expect((await recipes.create(1, wanted, BY, 'key')).id).toBe(both[0]!.id);
	});

	test.each([
		['an unknown type', [{ type: 'nothing' }], 'steps[0]'],
		['a parameter that does not fit', [{ type: 'md5' }, { type: 'thumbnail', parameters: { width: 0 } }], 'steps[1]'],
		['a parameter that is none', [{ type: 'thumbnail', parameters: { colour: 'red' } }], 'steps[0]'],
		[
			'a folder that is none',
			[{ type: 'md5', results: { place: 'folder', folder: '/../x' } }],
			'steps[0].results.folder',
		],
		['a class that is not there', [{ type: 'md5', serviceClass: 'gold' }], 'steps[0]'],
	])('is refused with %s', async (_, steps, path) => {
		await expect(create('x', steps)).rejects.toMatchObject({ code: 'recipe-broken', fields: [{ path }] });
	});

	test('is one of two hundred at most', async () => {
		room.db.exec(`INSERT INTO recipe_books VALUES (1, 1);
			INSERT INTO recipes (id, owner_seq, name, name_key, version, body, created_at, updated_at)
			WITH n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
			SELECT 'r' || i, 1, 'r' || i, 'r' || i, 1, '{"steps":[]}', 1, 1 FROM n`);
		await expect(create('x')).rejects.toMatchObject({ code: 'too-many-things' });
	});

	test('is kept while something else needs it, and goes with its triggers and no other', async () => {
		const { recipes, triggers } = room.processing;
		const { id } = await create('x');
		await attach(id);
		room.db.exec(`INSERT INTO schedules (id, owner_seq, name, name_key, cron, time_zone, wish, misfire, overlap, pause_after,
				state, created_at, updated_at)
			VALUES ('sch_1', 1, 'x', 'x', '@daily', 'UTC', '{"recipe":"${id}"}', 'once', 'skip', 5, 'paused', 1, 1)`);
		await expect(recipes.remove(id, BY)).rejects.toMatchObject({ code: 'recipe-in-use' });
		expect((await triggers.list(1, { limit: 10 })).items).toHaveLength(2);
		room.db.exec('DELETE FROM schedules');
		await recipes.remove(id, BY);
		expect((await triggers.list(1, { limit: 10 })).items).toHaveLength(1);
	});
});

describe('a trigger', () => {
	test('is refused for what no single file can start, or is another person’s', async () => {
		const { id } = await create('x');
		const others = await create('y', undefined, 2);
		await expect(attach(others.id)).rejects.toMatchObject({ code: 'trigger-invalid', fields: [{ path: 'recipe' }] });
		await expect(attach(`rcp_${'0'.repeat(26)}`)).rejects.toMatchObject({ code: 'trigger-invalid' });
		await expect(attach(id, { folder: '/a/../b' })).rejects.toMatchObject({ code: 'bad-path' });
		await expect(attach(id, { serviceClass: 'gold' })).rejects.toMatchObject({
			code: 'trigger-invalid',
			fields: [{ path: 'serviceClass' }],
		});
		room.policies.give(1, { allowedQueues: ['normal'] });
		await expect(attach(id, { routingKey: 'priority.x' })).rejects.toMatchObject({ fields: [{ path: 'routingKey' }] });
	});

	test.each([[['upload', 'access']], [['upload', 'upload']], [[]]])('with the events %s is none', (events) => {
		expect(triggerDraftSchema.safeParse({ recipe: `rcp_${'0'.repeat(26)}`, events }).success).toBe(false);
	});

	test('every change is audited', async () => {
		const { triggers } = room.processing;
		const { id } = await create('x');
		const trigger = await attach(id);
		const change = triggerDraftSchema.parse({ recipe: id, enabled: false });
		expect(await triggers.change(trigger.id, change, ANY_VERSION, BY)).toMatchObject({ version: 2, enabled: false });
		await triggers.remove(trigger.id, BY);
		const actions = room.db
			.prepare(`SELECT action FROM audit_log WHERE object = ? ORDER BY seq`)
			.pluck()
			.all(trigger.id);
		expect(actions).toEqual(['trigger.create', 'trigger.change', 'trigger.delete']);
	});
});
