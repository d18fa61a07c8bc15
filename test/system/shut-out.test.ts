import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdir, stat } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { basename, join } from 'node:path';
import { io } from 'socket.io-client';
import { request } from 'undici';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Api } from '../support/api.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';
import { TusUpload } from '../support/tus-upload.ts';

/** At this pace neither a download nor an upload of what is sent here would ever end within a test. */
const RATE = 100_000;
const SIZE = 40_000_000;

let coordinator: RunningCoordinator;
beforeAll(async () => {
	coordinator = await startCoordinator();
	await coordinator.api.json('PUT', '/admin/service-classes/slow', {
		bandwidth: { downloadBytesPerSecond: RATE, uploadBytesPerSecond: RATE },
	});
});
afterAll(() => coordinator[Symbol.asyncDispose]());

interface Person {
	id: string;
	/** By the token that is stolen. */
	thief: Api;
	/** Takes the token back. */
	revoke(): Promise<unknown>;
}

let people = 0;
/** Somebody with a large file, slow lines, and a token that another one has too. */
const victim = async (): Promise<Person> => {
	const owner = await coordinator.newUser(`victim-${people++}`);
	await owner.upload('/large', Buffer.alloc(SIZE, 7));
	const { id } = await owner.get<{ id: string }>('/me');
	await coordinator.api.json('PATCH', `/admin/users/${id}`, { serviceClass: 'slow' });
	const token = await owner.post<{ id: string; token: string }>('/tokens', { name: 'stolen' });
	return {
		id,
		thief: new Api(coordinator.url, token.token),
		revoke: () => owner.json('DELETE', `/tokens/${token.id}`),
	};
};

/** Begins a download; resolves when bytes flow, with what resolves to how many came before it was cut. */
const download = async (path: string, authorization: string): Promise<{ cutAfter: Promise<number> }> => {
	const answer = await request(coordinator.url + path, { headers: { authorization } });
	expect(answer.statusCode).toBe(200);
	let bytes = 0;
	let begun = () => {};
	const flowing = new Promise<void>((resolve) => {
		begun = resolve;
	});
	const cutAfter = (async () => {
		try {
			for await (const piece of answer.body) {
				bytes += (piece as Buffer).length;
				begun();
			}
		} catch {
			return bytes;
		}
		throw new Error('it came to its end');
	})();
	cutAfter.catch(() => {});
	await flowing;
	return { cutAfter };
};

const bearer = ({ token }: Api) => `Bearer ${token}`;
const appPassword = async (api: Api): Promise<string> => {
	const { password } = await api.post<{ password: string }>('/app-passwords', { name: 'drive' });
	const { username } = await api.get<{ username: string }>('/me');
	return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
};

/** A request that sends its head and a part of its body, and then waits; resolves when the coordinator reads it. */
const upload = async (head: string[], isReading: () => Promise<boolean>): Promise<Socket> => {
	const socket = connect(coordinator.port, '127.0.0.1');
	socket.on('error', () => {});
	await once(socket, 'connect');
	socket.resume();
	socket.write([...head, `Host: 127.0.0.1:${coordinator.port}`, `Content-Length: ${SIZE}`, '', ''].join('\r\n'));
	socket.write(Buffer.alloc(1_000_000));
	await expect.poll(isReading).toBe(true);
	return socket;
};
/** A reset is an end as well. */
const cut = async (socket: Socket): Promise<void> => {
	if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
};
const staged = () => readdir(join(coordinator.data, 'staging'));
/** Bytes of a tus upload that the coordinator has by now. */
const arrived = async ({ location }: TusUpload): Promise<number> =>
	(await stat(join(coordinator.data, 'uploads', basename(location)))).size;

test('a token that is revoked cuts its holder’s running download, zip, upload and live socket; others go on', async () => {
	const { thief, revoke } = await victim();
	const { thief: other } = await victim();
	const file = await download('/api/v1/content/large', bearer(thief));
	const zip = await download('/api/v1/archive?folder=/', bearer(thief));
	const others = await download('/api/v1/content/large', bearer(other));
	const head = ['PUT /api/v1/content/new HTTP/1.1', `Authorization: ${bearer(thief)}`];
	const put = await upload(head, async () => (await staged()).length > 0);
	const tus = await TusUpload.create(thief, { path: '/resumed', size: SIZE });
	const begun = await upload(
		[
			`PATCH ${tus.location} HTTP/1.1`,
			`Authorization: ${bearer(thief)}`,
			...['Tus-Resumable: 1.0.0', 'Upload-Offset: 0', 'Content-Type: application/offset+octet-stream'],
		],
		async () => (await arrived(tus)) > 0,
	);
	const live = io(`${coordinator.url}/live`, {
		...{ transports: ['websocket'], reconnection: false, forceNew: true },
		auth: { token: thief.token },
	});
	await new Promise<void>((resolve) => live.once('connect', () => resolve()));
	const ended = new Promise<void>((resolve) => live.once('disconnect', () => resolve()));
	await revoke();
	await Promise.all([ended, cut(put), cut(begun)]);
	expect(await file.cutAfter).toBeLessThan(SIZE);
	expect(await zip.cutAfter).toBeLessThan(SIZE);
	await expect.poll(staged).toEqual([]);
	expect((await thief.raw('GET', '/api/v1/me')).status).toBe(401);
	const rest = await Promise.race([others.cutAfter.then(() => 'cut'), other.get('/me').then(() => 'goes on')]);
	expect(rest).toBe('goes on');
});

test('whoever is disabled is cut on the drive too, reading and writing', async () => {
	const { id, thief } = await victim();
	const basic = await appPassword(thief);
	const read = await download('/dav/files/large', basic);
	const head = ['PUT /dav/files/new HTTP/1.1', `Authorization: ${basic}`];
	const write = await upload(head, async () => (await staged()).length > 0);
	await coordinator.api.json('PATCH', `/admin/users/${id}`, { disabled: true });
	await cut(write);
	expect(await read.cutAfter).toBeLessThan(SIZE);
	await expect.poll(staged).toEqual([]);
});

test('who keeps trying wrong tokens is cut all the same when theirs is taken away', async () => {
	const { id, thief } = await victim();
	const file = await download('/api/v1/content/large', bearer(thief));
	const junk = () => new Api(coordinator.url, `mrt_${randomBytes(32).toString('base64url')}`);
	await Promise.all(Array.from({ length: 60 }, () => junk().raw('GET', '/api/v1/me')));
	await coordinator.api.json('PATCH', `/admin/users/${id}`, { disabled: true });
	await Promise.all(Array.from({ length: 60 }, () => junk().raw('GET', '/api/v1/me')));
	expect(await file.cutAfter).toBeLessThan(SIZE);
});
