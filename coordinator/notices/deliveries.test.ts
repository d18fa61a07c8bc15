import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { newWebhookSchema } from '../../shared/protocol/webhook.ts';
import { SchedulesRoom } from '../../test/support/schedules-room.ts';
import { SYSTEM } from '../audit/doer.ts';
import { ANY_VERSION } from '../qos/version-condition.ts';
import { createLogger } from '../report/logger.ts';
import { Secrets } from '../secrets/secrets.ts';
import { Deliveries } from './deliveries.ts';
import { Notices } from './notices.ts';
import { signatureOf } from './signature.ts';
import { Webhooks } from './webhooks.ts';

const MINUTE = 60_000;
const ada = { userSeq: 1, userId: 'usr_a' };

let room: SchedulesRoom;
let webhooks: Webhooks;
let deliveries: Deliveries;
let now: number;
/** What was sent, and what it is answered with. */
let sent: { url: string; body: string; headers: Record<string, string> }[];
let answer: (url: string) => number | Error | Promise<number>;

beforeEach(async () => {
	room = await SchedulesRoom.open();
	const { ledger, folder } = room.jobs;
	const logger = createLogger('silent');
	const secrets = await Secrets.open({ ledger, logger, keyFile: folder.join('secret.key') });
	now = Date.now();
	sent = [];
	answer = () => 200;
	deliveries = new Deliveries({
		...{ ledger, logger },
		keyOf: (ownerSeq, secret) => secrets.open(ownerSeq, secret),
		send: async ({ url, body }, headers) => {
			sent.push({ url, body, headers });
			const status = await answer(url);
			if (typeof status !== 'number') throw status;
			return { status };
		},
		now: () => now,
		random: () => 1,
	});
	const wake = () => deliveries.wake();
	webhooks = new Webhooks({ ledger, secrets, allow: ['hooks.lab:8080'], wake });
	new Notices({ ledger, happenings: room.happenings, onDeliveries: wake });
});
afterEach(async () => {
	await deliveries[Symbol.asyncDispose]();
	await room[Symbol.asyncDispose]();
});

const create = (fields: object = {}) =>
	webhooks.create(ada, newWebhookSchema.parse({ name: 'ops', url: 'https://example.org/hook', ...fields }), SYSTEM);
const fail = async (count = 1) => {
	await room.jobs.batch(Array.from({ length: count }, () => ({})));
	await room.end('failed');
	await deliveries.settled();
};
const later = async (ms: number) => {
	now += ms;
	deliveries.wake();
	await deliveries.settled();
};
const list = async (id: string) => (await webhooks.deliveries(1, id, { limit: 100 })).items;

test('what happens is told to those that want it, signed so that it can be checked', async () => {
	const { id, key } = await create({ events: ['task-failed'] });
	await create({ name: 'jobs', url: 'https://example.org/jobs', events: ['job-failed'] });
	await fail();
	expect(sent).toHaveLength(1);
	const [{ url, body, headers }] = sent as [(typeof sent)[0]];
	expect(url).toBe('https://example.org/hook');
	const [, seconds, signature] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(headers['millrace-signature'] ?? '') ?? [];
	expect(signature).toBe(createHmac('sha256', key).update(`${seconds}.${body}`).digest('hex'));
	const told = JSON.parse(body);
	expect(told).toMatchObject({
		event: 'task-failed',
		subject: { id: expect.stringMatching(/^tsk_/) },
		data: { title: 'A task noop failed' },
	});
	expect([headers['millrace-delivery'], headers['millrace-event']]).toEqual([told.id, 'task-failed']);
	expect(await list(id)).toMatchObject([{ id: told.id, state: 'delivered', tries: 1, status: 200, error: null }]);
	// Others' webhooks are others' business.
	await room.jobs.submit({}, null, 2);
	await room.end('failed');
	await deliveries.settled();
	expect(sent).toHaveLength(1);
});

test('a signature that is known', () => {
	expect(signatureOf('key', '{}', 1_700_000_000_999)).toBe(
		`t=1700000000,v1=${createHmac('sha256', 'key').update('1700000000.{}').digest('hex')}`,
	);
});

describe('when it is not taken', () => {
	test('it is tried again, later and later, the same each time, and given up after a day and more', async () => {
		const { id } = await create();
		answer = () => 500;
		await fail();
		for (const [i, minutes] of [1, 5, 30, 120, 360, 720, 1_440].entries()) {
			await later(minutes * MINUTE - 1);
			expect(sent, `before ${minutes} minutes`).toHaveLength(i + 1);
			await later(1);
			expect(sent, `after ${minutes} minutes`).toHaveLength(i + 2);
		}
		expect(new Set(sent.map(({ body }) => body)).size).toBe(1);
		const [{ state, tries, error, id: delivery }] = (await list(id)) as [Awaited<ReturnType<typeof list>>[0]];
		expect([state, tries, error]).toEqual(['gave-up', 8, 'It was answered with 500.']);
		expect((await webhooks.read(1, id)).failures).toBe(1);
		await later(10 * 1_440 * MINUTE);
		expect(sent).toHaveLength(8);
		answer = () => 204;
		await expect(webhooks.again(2, delivery)).rejects.toMatchObject({ code: 'not-found' });
		await webhooks.again(1, delivery);
		await later(0);
		expect(await list(id)).toMatchObject([{ state: 'delivered', tries: 1 }]);
	});

	test('410 pauses it; it goes on when it is resumed', async () => {
		const { id } = await create();
		answer = () => 410;
		await fail();
		expect(await webhooks.read(1, id)).toMatchObject({ state: 'paused', reason: expect.stringContaining('410') });
		await fail();
		expect(sent).toHaveLength(1);
		answer = () => 200;
		await webhooks.resume(ada, id, SYSTEM);
		await fail();
		expect(sent).toHaveLength(2);
	});

	test('twenty given up in a row pause it', async () => {
		const { id } = await create();
		answer = () => new Error('nobody answers');
		await fail(20);
		for (const minutes of [1, 5, 30, 120, 360, 720, 1_440]) await later(minutes * MINUTE);
		expect(await webhooks.read(1, id)).toMatchObject({
			...{ state: 'paused', failures: 20 },
			reason: expect.stringContaining('nobody answers'),
		});
	});

	test('one that fails holds up no other, and none of its own later ones', async () => {
		await create({ url: 'https://bad.example.org/' });
		await create({ name: 'good', url: 'https://good.example.org/' });
		answer = (url) => (url.includes('bad') ? 503 : 200);
		await fail(3);
		const urls = sent.map(({ url }) => url);
		expect(urls.filter((url) => url.includes('good'))).toHaveLength(3);
		expect(urls.filter((url) => url.includes('bad'))).toHaveLength(3);
	});
});

test('who hangs holds up nobody else: few are told at a time of one person', async () => {
	let release = (_status: number): void => {};
	const hanging = new Promise<number>((resolve) => {
		release = resolve;
	});
	answer = (url) => (url.includes('hangs') ? hanging : 200);
	for (let i = 0; i < 10; i++) await create({ name: `hangs ${i}`, url: `https://hangs.example.org/${i}` });
	const bert = { userSeq: 2, userId: 'usr_b' };
	const his = newWebhookSchema.parse({ name: 'his', url: 'https://good.example.org/' });
	await webhooks.create(bert, his, SYSTEM);
	await room.jobs.batch([{}]);
	await room.jobs.submit({}, null, 2);
	await room.end('failed');
	await expect.poll(() => sent.filter(({ url }) => url.includes('good')).length).toBe(1);
	expect(sent.filter(({ url }) => url.includes('hangs'))).toHaveLength(2);
	release(200);
	await deliveries.settled();
	expect(sent).toHaveLength(11);
});

test('its name is free when it has another one, and it is not tried out while it is paused', async () => {
	const { id } = await create();
	await webhooks.change(ada, id, { name: 'other' }, { condition: ANY_VERSION, by: SYSTEM });
	expect((await create()).name).toBe('ops');
	answer = () => 410;
	await fail();
	await expect(webhooks.test(1, id)).rejects.toMatchObject({ code: 'wrong-state' });
});

test('a thousand wait at most; more are counted', async () => {
	const { id } = await create();
	answer = () => 500;
	await fail(1_100);
	expect((await webhooks.read(1, id)).dropped).toBeGreaterThanOrEqual(90);
	expect(room.count(`SELECT count(*) FROM webhook_deliveries WHERE state = 'due'`)).toBeLessThanOrEqual(1_000);
});

test('another key signs from then on, and is gone with the webhook', async () => {
	const { id, key } = await create();
	const rotated = await webhooks.rotateKey(ada, id, SYSTEM);
	expect(rotated.key).not.toBe(key);
	expect(await webhooks.test(1, id)).toMatch(/^dlv_/);
	await later(MINUTE);
	expect(await list(id)).toMatchObject([{ state: 'delivered', error: null }]);
	const { body, headers } = sent[0]!;
	expect(headers['millrace-signature']).toBe(signatureOf(rotated.key, body, now));
	await webhooks.remove(ada, id, SYSTEM);
	expect(room.count('SELECT (SELECT count(*) FROM webhooks) + (SELECT count(*) FROM webhook_deliveries)')).toBe(0);
	expect(room.count('SELECT count(*) FROM secrets')).toBe(0);
});

test('what may never be asked is refused at once, and others do not see what is there', async () => {
	for (const url of [
		'http://example.org/',
		'https://127.0.0.1/',
		'https://localhost/',
		'https://a:b@example.org/',
		'ftp://x',
	]) {
		await expect(create({ url })).rejects.toMatchObject({ code: 'address-refused' });
	}
	await expect(create({ url: 'http://127.0.0.1:9/' })).rejects.toThrow('coordinator start --egress-allow 127.0.0.1:9');
	const { id } = await create({ url: 'http://hooks.lab:8080/x' });
	await expect(create()).rejects.toMatchObject({ code: 'name-taken' });
	const how = { condition: ANY_VERSION, by: SYSTEM };
	await expect(webhooks.change(ada, id, { url: 'https://10.0.0.1/' }, how)).rejects.toMatchObject({
		code: 'address-refused',
	});
	expect(await webhooks.change(ada, id, { events: ['job-done'] }, how)).toMatchObject({
		version: 2,
		events: ['job-done'],
	});
	await expect(webhooks.read(2, id)).rejects.toMatchObject({ code: 'not-found' });
	await expect(webhooks.test(2, id)).rejects.toMatchObject({ code: 'not-found' });
	expect(await webhooks.list(2)).toEqual([]);
	expect(JSON.stringify(await webhooks.list(1))).not.toContain('mwk_');
});
