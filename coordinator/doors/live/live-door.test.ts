import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { pino } from 'pino';
import { Server } from 'socket.io';
import { io, type Socket } from 'socket.io-client';
import { WebSocket } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CodedError } from '../../../shared/coded-error.ts';
import type { LiveMessage } from '../../../shared/protocol/live-updates.ts';
import { testActor } from '../../../test/support/bare-routes.ts';
import { waitFor } from '../../../test/support/wait-for.ts';
import type { AccountEvents } from '../../accounts/account-events.ts';
import type { Actor } from '../../accounts/actor.ts';
import { Announcer } from '../../report/announcer.ts';
import type { WatchedEvents } from './audience.ts';
import { LiveDoor, type LiveDoorOptions } from './live-door.ts';
import type { LiveLimits } from './live-limits.ts';

const SESSION = 's'.repeat(43);
let people: Map<string, Actor | Error>;
let announcer: Announcer<WatchedEvents & AccountEvents>;
let http: HttpServer;
let server: Server;
let door: LiveDoor;
let port: number;
const clients: Socket[] = [];
let asked = 0;

const ask = async (secret: string): Promise<Actor | null> => {
	asked += 1;
	const found = people.get(secret) ?? null;
	if (found instanceof Error) throw found;
	return found;
};

const start = async (limits: Partial<LiveLimits> = {}) => {
	http = createServer();
	server = new Server(http, { transports: ['websocket'], maxHttpBufferSize: 262_144, connectTimeout: 200 });
	door = new LiveDoor({
		io: server,
		accounts: { authenticator: { token: ask, session: ask } } as unknown as LiveDoorOptions['accounts'],
		announcer,
		logger: pino({ level: 'silent' }),
		trustedProxies: [],
		origins: ['https://mill.example'],
		limits: { flushMs: 5, closeMs: 50, ...limits },
	});
	await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
	port = (http.address() as AddressInfo).port;
};
const stop = async () => {
	for (const client of clients.splice(0)) client.disconnect();
	door.close();
	await server.close();
};
beforeEach(async () => {
	people = new Map<string, Actor>([
		['user', testActor(1)],
		['other', testActor(2)],
		['operator', testActor(3, { role: 'operator' })],
		['files-only', testActor(1, { role: 'operator', scopes: ['files:read'] })],
		[SESSION, testActor(1)],
	]);
	announcer = new Announcer((error) => {
		throw error;
	});
	await start();
});
afterEach(stop);

const dial = (token: string | undefined, headers: Record<string, string> = {}): Socket => {
	const client = io(`http://127.0.0.1:${port}/live`, {
		transports: ['websocket'],
		forceNew: true,
		reconnection: false,
		...(token === undefined ? {} : { auth: { token } }),
		extraHeaders: headers,
	});
	clients.push(client);
	return client;
};
/** Resolves with the connected client, or with the code that it was refused by. */
const connect = (token?: string, headers?: Record<string, string>): Promise<Socket | string> => {
	const client = dial(token, headers);
	return new Promise((resolve) => {
		client.once('connect', () => resolve(client));
		client.once('connect_error', (error) => resolve(error.message));
	});
};
/** A subscribed screen and what it has heard. */
const watch = async (token: string, topics: string[]) => {
	const client = await connect(token);
	if (typeof client === 'string') throw new Error(client);
	const heard: LiveMessage[] = [];
	client.on('live:patch', (message) => heard.push(message));
	const answer = await client.emitWithAck('subscribe', { topics });
	return { client, heard, answer, patches: () => heard.flatMap(({ patches }) => patches) };
};
const closed = (client: Socket) => new Promise<string>((resolve) => client.once('disconnect', resolve));
const taskChange = (ownerSeq: number, id: string, version: number, state = 'running' as const) => ({
	ownerSeq,
	id,
	version,
	type: 'noop',
	state,
	progress: 0.5,
	phase: null,
	file: null,
	node: null,
});

describe('a screen is let in', () => {
	it('by token, by cookie, from our own pages', async () => {
		const self = `http://127.0.0.1:${port}`;
		for (const [token, headers] of [
			['user', {}],
			['user', { origin: self }],
			['user', { origin: 'https://mill.example' }],
			[undefined, { cookie: `a=b; millrace=${SESSION}` }],
			[undefined, { cookie: `__Host-millrace=${SESSION}`, origin: self }],
		] as const) {
			expect(await connect(token, headers)).toBeInstanceOf(Object);
		}
		expect(door.size).toBe(5);
	});

	it.each([
		['nobody', undefined, {}, 'unauthenticated'],
		['a wrong token', 'wrong', {}, 'unauthenticated'],
		['a wrong token beside a good cookie', 'wrong', { cookie: `millrace=${SESSION}` }, 'unauthenticated'],
		['an old cookie', undefined, { cookie: 'millrace=old' }, 'unauthenticated'],
		["another site's page", undefined, { cookie: `millrace=${SESSION}`, origin: 'https://evil.example' }, 'cross-site'],
		['a sandboxed page', undefined, { cookie: `millrace=${SESSION}`, origin: 'null' }, 'cross-site'],
	])('but not %s', async (_, token, headers, code) => {
		expect(await connect(token, headers as Record<string, string>)).toBe(code);
		expect(door.size).toBe(0);
	});

	it('but not without end', async () => {
		await stop();
		await start({ ofUser: 2, ofNetwork: 3 });
		const all = await Promise.all(['user', 'user', 'user', 'other', 'operator'].map((who) => connect(who)));
		expect(all.filter((one) => one === 'too-many-requests')).toHaveLength(2);
		for (const one of all) if (typeof one !== 'string') one.disconnect();
		await waitFor('the seats to be free', () => door.size === 0);
		expect(await connect('user')).toBeInstanceOf(Object);
	});

	it('or is cut off when it does not say who it is', async () => {
		const socket = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`);
		const refused = new Promise((resolve) =>
			socket.addEventListener('message', ({ data }) => data !== '' && resolve(data)),
		);
		await refused;
		socket.send('40');
		await new Promise((resolve) => socket.addEventListener('close', resolve));
	});
});

describe('a screen is told', () => {
	it('of its own tasks and files only, numbered from one', async () => {
		const { answer, heard, patches } = await watch('user', ['tasks', 'files']);
		expect(answer).toEqual({ ok: true, seq: 0 });
		announcer.announce('task:changed', [taskChange(1, 'tsk_a', 1), taskChange(2, 'tsk_b', 1)]);
		announcer.announce('file:changed', [
			{ ownerSeq: 1, id: 'fil_a', revision: 7, path: '/a', gone: false },
			{ ownerSeq: 2, id: 'fil_b', revision: 8, path: '/b', gone: false },
		]);
		announcer.announce('node:changed', { id: 'nod_a', revision: 1, state: 'online', running: 0 });
		await waitFor('two patches', () => patches().length === 2);
		expect(heard.map(({ seq }) => seq)).toEqual(heard.map((_, index) => index + 1));
		expect(patches()).toEqual([
			expect.objectContaining({ kind: 'task', id: 'tsk_a', version: 1, progress: 0.5 }),
			{ kind: 'file', id: 'fil_a', version: 7, path: '/a', gone: false },
		]);
		expect(JSON.stringify(patches())).not.toContain('ownerSeq');
	});

	it('of all tasks and of nodes when it may', async () => {
		const { patches } = await watch('operator', ['nodes', 'all-tasks']);
		announcer.announce('task:changed', [taskChange(1, 'tsk_a', 1), taskChange(2, 'tsk_b', 1)]);
		announcer.announce('node:changed', { id: 'nod_a', revision: 1, state: 'online', running: 2 });
		await waitFor('three patches', () => patches().length === 3);
	});

	it.each([
		['user', ['nodes'], 'forbidden'],
		['user', ['tasks', 'all-tasks'], 'forbidden'],
		['files-only', ['tasks'], 'insufficient-scope'],
		['user', ['secrets'], 'invalid'],
		['user', ['tasks', 'tasks', 'tasks', 'tasks', 'tasks'], 'invalid'],
	])('%s asking for %j: %s', async (who, topics, code) => {
		const { answer, heard } = await watch(who, topics);
		expect(answer).toEqual({ ok: false, code });
		announcer.announce('task:changed', [taskChange(1, 'tsk_a', 1)]);
		expect(announcer.hasListeners('task:changed')).toBe(false);
		expect(heard).toEqual([]);
	});

	it('only the latest of what changes often', async () => {
		await stop();
		await start({ flushMs: 50 });
		const { patches } = await watch('user', ['tasks']);
		for (let version = 1; version <= 100; version += 1) {
			announcer.announce('task:changed', [taskChange(1, 'tsk_a', version), taskChange(1, 'tsk_b', 101 - version)]);
		}
		await waitFor('the patches', () => patches().length === 2);
		expect(patches().map((patch) => patch.version)).toEqual([100, 100]);
	});

	it('to read again when there is too much to tell', async () => {
		await stop();
		await start({ patches: 10 });
		const { heard, patches } = await watch('user', ['tasks']);
		announcer.announce(
			'task:changed',
			Array.from({ length: 25 }, (_, i) => taskChange(1, `tsk_${i}`, 1)),
		);
		await waitFor('the message', () => heard.length === 1);
		expect([heard[0]?.seq, patches().length]).toEqual([2, 10]);
		announcer.announce('task:many-changed', { ownerSeq: 2 });
		announcer.announce('task:many-changed', { ownerSeq: 1 });
		await waitFor('the second', () => heard.length === 2);
		expect(heard[1]).toEqual({ seq: 4, patches: [] });
	});

	it('at no cost when nobody watches', async () => {
		const events = ['task:changed', 'task:many-changed', 'file:changed', 'node:changed'] as const;
		const listening = () => events.filter((event) => announcer.hasListeners(event));
		expect(listening()).toEqual([]);
		const { client } = await watch('user', ['files']);
		expect(listening()).toEqual(['file:changed']);
		await client.emitWithAck('subscribe', { topics: ['tasks'] });
		expect(listening()).toEqual(['task:changed', 'task:many-changed']);
		client.disconnect();
		await waitFor('the end', () => listening().length === 0);
	});
});

describe('a screen is closed', () => {
	it('within a moment when its session has ended, after a word', async () => {
		const { client, heard } = await watch('user', ['tasks']);
		const others = await watch('other', ['tasks']);
		let word = false;
		client.on('live:signed-out', () => {
			word = true;
		});
		people.delete('user');
		const startedAt = performance.now();
		announcer.announce('account:ended', { userSeq: 1, credentialId: 'ses_other' });
		announcer.announce('account:ended', { userSeq: 1, credentialId: 'ses_1' });
		announcer.announce('task:changed', [taskChange(1, 'tsk_a', 1)]);
		expect(await closed(client)).toBe('io server disconnect');
		expect(performance.now() - startedAt).toBeLessThan(1_000);
		expect([word, heard, others.client.connected]).toEqual([true, [], true]);
	});

	it('when all of the person was ended, and not when it was somebody else', async () => {
		const { client } = await watch('user', ['tasks']);
		announcer.announce('account:ended', { userSeq: 2, credentialId: null });
		people.delete('user');
		announcer.announce('account:ended', { userSeq: 1, credentialId: null });
		await closed(client);
	});

	it('when nobody said so but the credential has ended', async () => {
		await stop();
		await start({ recheckMs: 20 });
		const { client } = await watch('user', ['tasks']);
		people.set('user', new CodedError('overloaded'));
		const before = asked;
		await waitFor('it to be asked in vain', () => asked > before + 2);
		expect(client.connected).toBe(true);
		people.delete('user');
		await closed(client);
	});

	it('only half when it has lost a role', async () => {
		const { client, patches } = await watch('operator', ['all-tasks', 'tasks']);
		people.set('operator', testActor(3));
		announcer.announce('account:ended', { userSeq: 3, credentialId: null });
		await client.emitWithAck('subscribe', 'a round trip');
		announcer.announce('task:changed', [taskChange(1, 'tsk_other', 1), taskChange(3, 'tsk_own', 1)]);
		await waitFor('a patch', () => patches().length > 0);
		expect(patches().map(({ id }) => id)).toEqual(['tsk_own']);
	});

	it('when a frame is too large or frames are too many', async () => {
		const large = await watch('user', ['tasks']);
		large.client.emit('subscribe', { topics: ['x'.repeat(66_000)] });
		await closed(large.client);
		const many = await watch('user', ['tasks']);
		for (let i = 0; i < 150; i += 1) many.client.emit('subscribe', { topics: [] });
		await closed(many.client);
		const other = await watch('other', ['tasks']);
		expect(other.answer.ok).toBe(true);
	});

	it('when it leaves and comes back without end', async () => {
		const { client } = await watch('user', ['tasks']);
		const gone = new Promise<string>((resolve) => client.io.once('close', resolve));
		client.io.skipReconnect = true;
		for (let i = 0; i < 80; i += 1) client.io.engine.send(i % 2 === 0 ? '41/live,' : '40/live,{"token":"user"}');
		for (let i = 0; i < 80; i += 1) client.io.engine.send('40/live,{"token":"wrong"}');
		await gone;
		await waitFor('it to be forgotten', () => door.size === 0);
	});

	it('when it does not read', async () => {
		await stop();
		await start({ bufferedBytes: 200_000 });
		const { client } = await watch('user', ['tasks']);
		(client.io.engine.transport as unknown as { ws: { _socket: { pause(): void } } }).ws._socket.pause();
		let version = 0;
		await waitFor('the screen to be cut off', () => {
			version += 1;
			const phase = 'x'.repeat(2_000);
			announcer.announce(
				'task:changed',
				Array.from({ length: 500 }, (_, i) => ({ ...taskChange(1, `tsk_${i}`, version), phase })),
			);
			return door.size === 0;
		});
	});
});

describe('random frames', () => {
	it('do no harm', async () => {
		const { client: witness, heard } = await watch('other', ['tasks']);
		const frame = fc.oneof(
			fc.string({ maxLength: 60 }),
			fc.json().map((json) => `42/live,${json}`),
			fc.json().map((json) => `42/live,7["subscribe",${json}]`),
			fc.json().map((json) => `40/live,${json}`),
			fc.constantFrom('40', '41', '41/live,', '451-["a",{"_placeholder":true,"num":0}]', '42/live,["subscribe"]'),
			fc.constantFrom('42/live,["__proto__",1]', '42/live,["disconnect"]', '42/live,["error","x"]', '43/live,1[]'),
		);
		await fc.assert(
			fc.asyncProperty(fc.array(frame, { maxLength: 20 }), fc.boolean(), async (frames, isIn) => {
				const socket = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`);
				await new Promise((resolve) => socket.addEventListener('message', resolve, { once: true }));
				const over = new Promise((resolve) => socket.addEventListener('close', resolve));
				if (isIn) socket.send('40/live,{"token":"user"}');
				for (const text of frames) socket.send(text.startsWith('4') ? text : `4${text}`);
				socket.close();
				await over;
			}),
			{ numRuns: 100 },
		);
		await waitFor('all to be gone', () => door.size === 1);
		announcer.announce('task:changed', [taskChange(2, 'tsk_a', 1)]);
		await waitFor('the witness to hear', () => heard.length === 1);
		expect(witness.connected).toBe(true);
	}, 30_000);
});
