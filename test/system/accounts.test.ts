import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Api, ApiRefusal, type RawAnswer, signIn } from '../support/api.ts';
import { DriveClient } from '../support/drive-client.ts';
import { lookInto } from '../support/look-into.ts';
import { RaceTimer } from '../support/race-timer.ts';
import { builtFile } from '../support/repository.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';
import { TempFolder } from '../support/temp-folder.ts';
import { TestProcess } from '../support/test-process.ts';

const PASSWORD = 'a passphrase of sixty-four characters is welcome here, believe me';

let coordinator: RunningCoordinator;

beforeAll(async () => {
	coordinator = await startCoordinator();
});
afterAll(() => coordinator[Symbol.asyncDispose]());

const codeOf = ({ body }: RawAnswer): string => JSON.parse(body.toString()).code;
const JSON_TYPE = { 'content-type': 'application/json' };

/** A browser's session: its cookie, as headers of a request from our own pages. */
const browserSession = async (username: string, password = PASSWORD) => {
	const { url } = coordinator;
	const answer = await new Api(url).raw('POST', '/api/v1/session', JSON.stringify({ username, password }), {
		...JSON_TYPE,
		origin: url,
	});
	expect(answer.status, answer.body.toString()).toBeLessThan(300);
	const [cookie = ''] = [answer.headers['set-cookie'] ?? []].flat();
	return { cookie: cookie.split(';')[0] ?? '', whole: cookie };
};
const own = (cookie: string) => ({
	cookie,
	origin: coordinator.url,
	'sec-fetch-site': 'same-origin',
	'x-millrace-request': '1',
});
const newUser = (username: string, role = 'user') =>
	coordinator.api.post('/admin/users', { username, password: PASSWORD, role });

/** Opens `/live` and waits until it is connected. */
const live = async (auth: object, headers: Record<string, string> = {}): Promise<Socket> => {
	const socket = io(`${coordinator.url}/live`, {
		transports: ['websocket'],
		reconnection: false,
		forceNew: true,
		auth,
		extraHeaders: headers,
	});
	await new Promise<void>((resolve, reject) => {
		socket.once('connect', resolve);
		socket.once('connect_error', reject);
	});
	const answer = await socket.timeout(5_000).emitWithAck('subscribe', { topics: ['tasks'] });
	expect(answer).toMatchObject({ ok: true });
	return socket;
};
const ended = async (socket: Socket): Promise<void> => {
	if (!socket.connected) return;
	using timer = new RaceTimer(3_000, () => 'the socket stayed open');
	await Promise.race([new Promise<void>((resolve) => socket.once('disconnect', () => resolve())), timer.over]);
};

test('a fresh installation has no account; its set-up link makes the first administrator, once', async () => {
	await using folder = new TempFolder();
	const argv = [
		process.execPath,
		builtFile('coordinator/main.js'),
		'start',
		'--port',
		'0',
		'--data',
		folder.join('data'),
	];
	const fresh = new TestProcess('fresh coordinator', argv, { env: { MILLRACE_ADMIN_PASSWORD: '' } });
	try {
		const link = (await fresh.line(/set up: (\S+)/))[1] ?? '';
		const port = (await fresh.line(/coordinator ready: http:\/\/[^:]+:(\d+)/))[1];
		const nobody = new Api(`http://127.0.0.1:${port}`);
		const origin = { origin: nobody.url, 'x-millrace-request': '1' };
		expect(await nobody.get('/setup')).toEqual({ needed: true });
		for (const password of ['', 'admin', 'password']) {
			await expect(nobody.post('/session', { username: 'admin', password }, origin)).rejects.toBeInstanceOf(ApiRefusal);
		}
		const token = /[#?](?:token=)?([A-Za-z0-9_-]+)$/.exec(link)?.[1] ?? '';
		expect(token.length).toBeGreaterThanOrEqual(22);
		const first = { username: 'root', password: PASSWORD };
		const wrong = nobody.post('/setup', { token: `${token.slice(0, -2)}zz`, ...first }, origin);
		await expect(wrong).rejects.toMatchObject({ code: 'setup-token-invalid' });
		const weak = nobody.post('/setup', { token, username: 'root', password: 'password1' }, origin);
		await expect(weak).rejects.toMatchObject({ code: 'password-refused' });
		await nobody.post('/setup', { token, ...first }, origin);
		const again = nobody.post('/setup', { token, username: 'second', password: PASSWORD }, origin);
		await expect(again).rejects.toMatchObject({ code: 'setup-token-invalid' });
		expect(await nobody.get('/setup')).toEqual({ needed: false });
		const root = await signIn(nobody.url, 'root', PASSWORD);
		expect(await root.get('/me')).toMatchObject({ username: 'root', role: 'administrator', via: 'token' });
		expect(fresh.tail).not.toContain(PASSWORD);
	} finally {
		await fresh.stop();
	}
});

test('a session ends with its sockets: by signing out, by another session, by a new password, by an administrator', async () => {
	const { id } = (await newUser('session-owner')) as { id: string };
	const here = await browserSession('session-owner');
	expect(here.whole).toMatch(/HttpOnly/i);
	expect(here.whole).toMatch(/SameSite=Lax/i);
	const there = await browserSession('session-owner');
	expect(there.cookie).not.toBe(here.cookie);
	const nobody = new Api(coordinator.url);
	const me = (cookie: string) => nobody.raw('GET', '/api/v1/me', undefined, own(cookie));
	expect((await me(here.cookie)).status).toBe(200);

	const socketThere = await live({}, own(there.cookie));
	const sessions = await nobody.json<{ items: { id: string; current: boolean }[] }>(
		'GET',
		'/sessions',
		undefined,
		own(here.cookie),
	);
	const other = sessions.items.find(({ current }) => !current);
	await nobody.json('DELETE', `/sessions/${other?.id}`, undefined, own(here.cookie));
	await ended(socketThere);
	expect((await me(there.cookie)).status).toBe(401);

	const third = await browserSession('session-owner');
	const socketThird = await live({}, own(third.cookie));
	await nobody.json('PUT', '/me/password', { current: PASSWORD, new: `${PASSWORD}!` }, own(here.cookie));
	await ended(socketThird);
	expect((await me(third.cookie)).status).toBe(401);

	const fourth = await browserSession('session-owner', `${PASSWORD}!`);
	const socketFourth = await live({}, own(fourth.cookie));
	await nobody.json('DELETE', '/session', undefined, own(fourth.cookie));
	await ended(socketFourth);

	const token = await signIn(coordinator.url, 'session-owner', `${PASSWORD}!`);
	const socketToken = await live({ token: token.token });
	await coordinator.api.json('PATCH', `/admin/users/${id}`, { disabled: true });
	await ended(socketToken);
	expect((await token.raw('GET', '/api/v1/me')).status).toBe(401);
	const back = nobody.post('/session', { username: 'session-owner', password: `${PASSWORD}!` }, { origin: nobody.url });
	await expect(back).rejects.toMatchObject({ status: 401 });
});

test('a page of another site cannot act with somebody’s cookie', async () => {
	await newUser('cookie-owner');
	const { cookie } = await browserSession('cookie-owner');
	const nobody = new Api(coordinator.url);
	const body = JSON.stringify({ type: 'noop' });
	for (const headers of [
		{ cookie, origin: 'https://evil.example', ...JSON_TYPE },
		{ cookie, origin: 'null', ...JSON_TYPE },
		{ cookie, 'sec-fetch-site': 'cross-site', ...JSON_TYPE },
		{ cookie, 'content-type': 'text/plain' },
		{ cookie, 'content-type': 'application/x-www-form-urlencoded' },
	]) {
		const answer = await nobody.raw('POST', '/api/v1/tasks', body, headers);
		expect(answer.status, JSON.stringify(headers)).toBe(403);
	}
	await expect(live({}, { cookie, origin: 'https://evil.example' })).rejects.toBeDefined();
	const mine = await nobody.raw('POST', '/api/v1/tasks', body, { ...own(cookie), ...JSON_TYPE });
	expect(mine.status).toBe(202);
});

test('a token does what its scopes say, no more, and no longer', async () => {
	await newUser('token-owner');
	const owner = await signIn(coordinator.url, 'token-owner', PASSWORD);
	const { id, token } = await owner.post<{ id: string; token: string }>('/tokens', {
		name: 'reader',
		scopes: ['files:read'],
	});
	const reader = new Api(coordinator.url, token);
	await owner.upload('/read-me.txt', 'text');
	expect((await reader.raw('GET', '/api/v1/content/read-me.txt')).status).toBe(200);
	for (const [method, path, body] of [
		['PUT', '/api/v1/content/x', 'x'],
		['DELETE', '/api/v1/content/read-me.txt', undefined],
		['POST', '/api/v1/tasks', '{"type":"noop"}'],
		['GET', '/api/v1/tasks', undefined],
		['POST', '/api/v1/tokens', '{"name":"more"}'],
	] as const) {
		const answer = await reader.raw(method, path, body, body?.startsWith('{') ? JSON_TYPE : {});
		expect([answer.status, codeOf(answer)], `${method} ${path}`).toEqual([403, 'insufficient-scope']);
	}
	expect(JSON.stringify(await owner.get('/tokens'))).not.toContain(token);
	const socket = await live({ token: owner.token });
	await owner.json('DELETE', `/tokens/${id}`);
	expect((await reader.raw('GET', '/api/v1/content/read-me.txt')).status).toBe(401);
	socket.disconnect();
	const brief = await owner.post<{ token: string }>('/tokens', {
		name: 'brief',
		expiresAt: new Date(Date.now() + 400).toISOString(),
	});
	const briefly = new Api(coordinator.url, brief.token);
	expect((await briefly.raw('GET', '/api/v1/me')).status).toBe(200);
	await expect.poll(async () => (await briefly.raw('GET', '/api/v1/me')).status, { timeout: 5_000 }).toBe(401);
	const rows = lookInto(coordinator.data, 'SELECT * FROM credentials');
	expect(JSON.stringify(rows)).not.toContain(token.slice(4));
});

test('a token that may not write files has no task, job, recipe, schedule or source write them', async () => {
	await newUser('scoped');
	const owner = await signIn(coordinator.url, 'scoped', PASSWORD);
	const { token } = await owner.post<{ token: string }>('/tokens', {
		name: 'x',
		scopes: ['tasks:read', 'tasks:write'],
	});
	const worker = new Api(coordinator.url, token);
	const results = { place: 'folder', folder: '/from-outside' };
	const noop = { type: 'noop' };
	const wishes: [string, object, object][] = [
		['/tasks', noop, { ...noop, results }],
		['/tasks:batch', { tasks: [noop] }, { tasks: [noop, { ...noop, results }] }],
		['/jobs', { steps: [noop] }, { steps: [noop], results }],
		['/recipes', { name: 'kept', steps: [noop] }, { name: 'filed', steps: [noop, { ...noop, results }] }],
		[
			'/schedules',
			{ name: 'kept', cron: '0 0 1 1 *', timeZone: 'UTC', ...noop },
			{ name: 'filed', cron: '0 0 1 1 *', timeZone: 'UTC', ...noop, results },
		],
	];
	for (const [path, kept, filed] of wishes) {
		await worker.post(path, kept);
		await expect(worker.post(path, filed), path).rejects.toMatchObject({ code: 'insufficient-scope' });
		await owner.post(path, filed);
	}
	const source = { name: 'gathered', type: 'feed-topic', parameters: { url: 'https://feed.example/' } };
	await expect(worker.post('/sources', source)).rejects.toMatchObject({ code: 'insufficient-scope' });
});

test('what a token has made is cut with it, at every door', async () => {
	await newUser('robbed');
	const owner = await signIn(coordinator.url, 'robbed', PASSWORD);
	const stolen = await owner.post<{ id: string; token: string }>('/tokens', { name: 'stolen' });
	const thief = new Api(coordinator.url, stolen.token);
	const { token } = await thief.post<{ token: string }>('/tokens', { name: 'left behind' });
	const behind = new Api(coordinator.url, token);
	const drive = await DriveClient.open(behind, 'robbed');
	const socket = await live({ token });
	const isCut = new Promise((resolve) => socket.once('disconnect', resolve));
	expect((await behind.raw('GET', '/api/v1/me')).status).toBe(200);
	expect(await drive.status('PROPFIND', '/files/', null, { depth: '0' })).toBe(207);
	await owner.json('DELETE', `/tokens/${stolen.id}`);
	await isCut;
	expect((await behind.raw('GET', '/api/v1/me')).status).toBe(401);
	expect(await drive.status('PROPFIND', '/files/', null, { depth: '0' })).toBe(401);
	expect((await owner.raw('GET', '/api/v1/me')).status).toBe(200);
});

test('roles: a user steers nothing, an operator watches and steers, only an administrator decides', async () => {
	const user = await coordinator.newUser('role-user');
	const operator = await coordinator.newUser('role-operator', 'operator');
	const administrator = await coordinator.newUser('role-administrator', 'administrator');
	const tries = async (act: (api: Api) => Promise<unknown>) => {
		const outcomes = [];
		for (const api of [user, operator, administrator]) {
			outcomes.push(
				await act(api)
					.then(() => 'done')
					.catch((error) => (error instanceof ApiRefusal ? error.status : error)),
			);
		}
		return outcomes;
	};
	expect(await tries((api) => api.get('/admin/nodes'))).toEqual([expect.toBeOneOf([403, 404]), 'done', 'done']);
	expect(await tries((api) => api.get('/admin/queues'))).toEqual([expect.toBeOneOf([403, 404]), 'done', 'done']);
	expect(await tries((api) => api.post('/admin/queues/normal:pause'))).toEqual([
		expect.toBeOneOf([403, 404]),
		'done',
		'done',
	]);
	await administrator.post('/admin/queues/normal:resume');
	for (const act of [
		(api: Api) => api.get('/admin/users'),
		(api: Api) => api.get('/admin/audit'),
		(api: Api) => api.post('/admin/node-tokens', {}),
	]) {
		expect(await tries(act)).toEqual([expect.toBeOneOf([403, 404]), expect.toBeOneOf([403, 404]), 'done']);
	}
	const names = ['a', 'b', 'c'].values();
	const make = (api: Api) => api.post('/admin/users', { username: `made-${names.next().value}`, password: PASSWORD });
	expect(await tries(make)).toEqual([expect.toBeOneOf([403, 404]), expect.toBeOneOf([403, 404]), 'done']);

	const { id } = await user.get<{ id: string }>('/me');
	const { items } = await administrator.get<{ items: { action: string; object: string }[] }>(
		`/admin/audit?outcome=refused&actor=${id}`,
	);
	expect(items).toContainEqual(expect.objectContaining({ action: 'user.read', object: '/api/v1/admin/users' }));
	expect(items).toContainEqual(expect.objectContaining({ action: 'queue.steer' }));
});

test('the last administrator cannot be disabled', async () => {
	const me = await coordinator.api.get<{ id: string }>('/me');
	const users = await coordinator.api.get<{ items: { id: string; role: string }[] }>('/admin/users?limit=1000');
	for (const { id, role } of users.items) {
		if (role === 'administrator' && id !== me.id) {
			await coordinator.api.json('PATCH', `/admin/users/${id}`, { disabled: true });
		}
	}
	for (const change of [{ disabled: true }, { role: 'user' }]) {
		await expect(coordinator.api.json('PATCH', `/admin/users/${me.id}`, change)).rejects.toMatchObject({
			code: 'last-administrator',
		});
	}
});

/** The last one: it shuts this machine's address out. */
test('twenty wrong tries shut the address out on every door, and say for how long; the audit knows', async () => {
	await newUser('ban-target');
	const owner = await browserSession('ban-target');
	const nobody = new Api(coordinator.url);
	const origin = { origin: coordinator.url };
	const tryOnce = async (i: number) => {
		const who = { username: i % 2 ? 'ban-target' : `nobody-${i}`, password: 'wrong wrong wrong' };
		const answer = await nobody.raw('POST', '/api/v1/session', JSON.stringify(who), { ...JSON_TYPE, ...origin });
		return { status: answer.status, code: codeOf(answer), retryAfter: answer.headers['retry-after'] };
	};
	const tries = [];
	for (let i = 0; i < 20; i++) tries.push(await tryOnce(i));
	expect(tries[0]).toMatchObject({ status: 401, code: 'bad-credentials' });
	expect(tries.at(-1)).toMatchObject({ status: 429, code: 'banned' });
	expect(Number(tries.at(-1)?.retryAfter)).toBeGreaterThan(0);
	const right = { username: 'ban-target', password: PASSWORD };
	const answer = await nobody.raw('POST', '/api/v1/session', JSON.stringify(right), { ...JSON_TYPE, ...origin });
	expect([answer.status, codeOf(answer)]).toEqual([429, 'banned']);
	await expect(live({ token: 'mrt_wrong' })).rejects.toBeDefined();
	const me = await nobody.raw('GET', '/api/v1/me', undefined, own(owner.cookie));
	expect(me.status, 'who is signed in already is not shut out').toBe(200);
	const audit = lookInto<{ action: string }>(coordinator.data, `SELECT * FROM audit_log WHERE outcome = 'refused'`);
	expect(audit.length).toBeGreaterThan(0);
	expect(JSON.stringify(audit)).not.toContain('wrong wrong wrong');
	expect(coordinator.log).not.toContain('wrong wrong wrong');
});

test('what was done can be searched, checked and taken home, by the coordinator’s own commands too', async () => {
	const found = await coordinator.api.get<{ items: unknown[] }>('/admin/audit?action=session.*&text=127.0.0');
	expect(found.items.length).toBeGreaterThan(0);
	const run = (...argv: string[]) =>
		promisify(execFile)(process.execPath, [
			...[builtFile('coordinator/main.js'), 'audit', ...argv],
			...['--data', coordinator.data],
		]);
	expect(JSON.parse((await run('verify', '--json')).stdout)).toMatchObject({ ok: true });
	expect(await coordinator.api.post('/admin/audit:verify')).toMatchObject({ ok: true });
	const { stdout } = await run('export', '--action', 'user.create');
	expect(stdout.split('\r\n')[0]).toBe('seq,at,actor,action,object,outcome,address,detail,blanked,hash');
	expect(stdout).toContain('role-operator');
	const live = await coordinator.api.raw('GET', '/api/v1/admin/audit/export?action=user.create');
	expect(live.body.toString()).toBe(stdout);
});
