import { afterEach, beforeEach, expect, test } from 'vitest';
import { DatasetsRoom } from '../../test/support/datasets-room.ts';
import { EVERYONES_PAGES } from '../everyones-pages.ts';
import { EveryonesThings } from './everyones-things.ts';

let room: DatasetsRoom;
let everyones: EveryonesThings;
beforeEach(async () => {
	room = await DatasetsRoom.open();
	everyones = new EveryonesThings(room.jobs.ledger, EVERYONES_PAGES);
	room.jobs.db.exec(`DELETE FROM triggers; DELETE FROM recipes;
		INSERT INTO recipes (seq, id, owner_seq, name, name_key, version, body, created_at, updated_at) VALUES
			(101, 'rec_1', 1, 'Contact sheet', 'contact sheet', 3, '{"steps":[{},{}]}', 1000, 2000),
			(102, 'rec_2', 2, 'Über alles', 'über alles', 1, '{"steps":[{}]}', 3000, 3000);
		INSERT INTO triggers (seq, id, owner_seq, recipe_seq, folder, recursive, media_types, ignored, events, on_results,
		                      enabled, created_at) VALUES
			(7, 'trg_1', 1, 101, '/scans', 1, '[]', '[]', '[]', 0, 1, 1000),
			(8, 'trg_2', 1, 101, '/old', 1, '[]', '[]', '[]', 0, 0, 1000);
		INSERT INTO schedules (seq, id, owner_seq, name, name_key, cron, time_zone, wish, misfire, overlap, pause_after,
		                       failures, state, reason, next_at, created_at, updated_at) VALUES
			(1, 'sch_1', 1, 'Nightly', 'nightly', '0 3 * * *', 'UTC', '{}', 'once', 'skip', 3, 0, 'active', NULL, 9000, 1, 1),
			(2, 'sch_2', 2, 'Failing', 'failing', '0 4 * * *', 'UTC', '{}', 'once', 'skip', 3, 3, 'paused', 'It failed 3 times', NULL, 1, 1);
		INSERT INTO schedule_runs (id, schedule_seq, nominal_at, kind, fired_at, outcome, reason) VALUES
			('run_1', 1, 4000, 'tick', 4000, 'skipped', 'the last one still runs');`);
});
afterEach(() => room[Symbol.asyncDispose]());

test('everybody’s things are told with whose they are and what became of them', async () => {
	const { items, nextCursor } = await everyones.list('schedule', { limit: 10 }, true);
	expect(nextCursor).toBeNull();
	expect(items).toMatchObject([
		{ name: 'Failing', ownerName: 'bob', state: 'trouble', reason: 'It failed 3 times', lastAt: null, nextAt: null },
		{
			...{ name: 'Nightly', ownerName: 'ada', state: 'on', about: '0 3 * * *, UTC' },
			...{ lastOutcome: 'skipped: the last one still runs', nextAt: '1970-01-01T00:00:09.000Z' },
		},
	]);
	expect((await everyones.list('trigger', { limit: 10 }, true)).items).toMatchObject([
		{ name: 'Contact sheet at /old', state: 'off' },
		{ name: 'Contact sheet at /scans', state: 'on' },
	]);
	expect((await everyones.list('recipe', { limit: 10 }, true)).items.at(-1)).toMatchObject({
		...{ about: 'steps: 2, triggers: 2', lastOutcome: 'version 3' },
	});
});

test('they are narrowed down and read page after page', async () => {
	const names = async (wish: Parameters<EveryonesThings['list']>[1]) =>
		(await everyones.list('recipe', wish, false)).items.map(({ name }) => name);
	expect(await names({ limit: 10, text: 'SHEET' })).toEqual(['Contact sheet']);
	expect(await names({ limit: 10, state: 'trouble' })).toEqual([]);
	const first = await everyones.list('recipe', { limit: 1 }, false);
	expect(first.items).toMatchObject([{ name: 'Über alles', ownerName: null }]);
	const second = await everyones.list('recipe', { limit: 1, cursor: first.nextCursor ?? '' }, false);
	expect(second).toMatchObject({ items: [{ name: 'Contact sheet' }], nextCursor: null });
	await expect(everyones.list('recipe', { limit: 1, cursor: 'x' }, false)).rejects.toMatchObject({
		code: 'bad-cursor',
	});
});

test('each kind can be read', async () => {
	await room.publish('mills');
	expect((await everyones.list('dataset', { limit: 5, text: 'mills' }, true)).items).toMatchObject([
		{ name: 'mills', ownerName: 'ada', state: 'on', lastOutcome: 'ready, version 1' },
	]);
	expect((await everyones.list('source', { limit: 5 }, true)).items).toEqual([]);
	room.jobs.db.exec(`PRAGMA foreign_keys = OFF;
		INSERT INTO webhooks (id, owner_seq, name, name_key, url, key_seq, events, state, created_at)
		VALUES ('whk_1', 1, 'Chat', 'chat', 'https://a:b@chat.example/services/SECRET?t=1', 1, '[]', 'active', 1);`);
	expect((await everyones.list('webhook', { limit: 5 }, true)).items).toMatchObject([
		{ about: 'https://chat.example' },
	]);
});
