import { request } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BY_TOKEN, DoorStage, SESSION, TOKEN } from '../../../test/support/door-stage.ts';

let stage: DoorStage;
beforeEach(async () => {
	stage = await new DoorStage().start();
});
afterEach(() => stage[Symbol.asyncDispose]());

describe('what is not HTTP', () => {
	it.each([
		['rubbish', 'hello\r\n\r\n', 400, 'bad-request'],
		['no host', 'GET / HTTP/1.1\r\n\r\n', 400, 'bad-request'],
		['too long headers', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`, 431, 'header-too-large'],
		[
			'two lengths',
			'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
			400,
			'bad-request',
		],
	])('gets a problem document: %s', async (_, text, status, code) => {
		const answer = await stage.speak(text);
		expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
		if (!answer.includes('\r\n\r\n{')) return;
		expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n{')))).toMatchObject({ code });
	});
});

describe('bodies', () => {
	it('are not asked for before it is known who sends them', async () => {
		const answer = await stage.speak(
			'PUT /api/v1/raw/x HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n',
		);
		expect(answer).toMatch(/^HTTP\/1.1 401 /);
	});

	it('are asked for when they are wanted', async () => {
		const answer = await stage.speak(
			`PUT /api/v1/raw/x HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Length: 3\r\nExpect: 100-continue\r\nConnection: close\r\n\r\nabc`,
		);
		expect(answer).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200 OK/);
	});

	it('of any type are streams for who takes bytes', async () => {
		for (const type of ['image/jpeg', 'rubbish', 'text/plain']) {
			const answer = await stage.call(
				'PUT',
				'/api/v1/raw/a/b',
				{ ...BY_TOKEN, 'content-type': type },
				'x'.repeat(2_000_000),
			);
			expect(answer.json).toEqual({ bytes: 2_000_000 });
		}
	});

	it('that are refused half-way do not hide the refusal', async () => {
		for (let i = 0; i < 5; i += 1) {
			const headers = { ...BY_TOKEN, 'x-refuse': '1' };
			const answer = await stage.call('PUT', '/api/v1/raw/x', headers, Buffer.alloc(8 * 1024 * 1024));
			expect([answer.status, answer.json.code]).toEqual([507, 'disk-full']);
		}
	});

	it('that dawdle are cut off with a word', async () => {
		await stage.restart({ bodyPace: { jsonMs: 60, windowMs: 60, windowBytes: 1_000 } });
		const head = (method: string, path: string) =>
			`${method} ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{`;
		expect(await stage.speak(head('POST', '/api/v1/things'))).toMatch(/^HTTP\/1.1 408 [\s\S]*request-timeout/);
		expect(await stage.speak(head('PUT', '/api/v1/raw/x'))).toMatch(/^HTTP\/1.1 408 [\s\S]*request-timeout/);
		expect(stage.answered).toEqual([
			[408, 'things'],
			[408, 'things'],
		]);
	});
});

describe('a mount', () => {
	it('serves what is at its prefix and below for who may', async () => {
		expect((await stage.call('POST', '/api/v1/mount')).headers['x-who']).toBe(stage.actor.userId);
		expect((await stage.call('PATCH', '/api/v1/mount/a?b')).text).toBe('/api/v1/mount/a?b');
		expect((await stage.call('POST', '/api/v1/mounting')).status).toBe(404);
		expect((await stage.call('POST', '/api/v1/mount', {})).json.code).toBe('unauthenticated');
		expect((await stage.call('POST', '/api/v1/mount', { cookie: `millrace=${SESSION}` })).json.code).toBe('cross-site');
	});

	it('has its errors told like all others', async () => {
		expect((await stage.call('POST', '/api/v1/mount/bad')).json).toMatchObject({ code: 'conflict', detail: 'No.' });
		expect((await stage.call('POST', '/api/v1/mount/bug')).text).not.toContain('secret');
	});
});

describe('closing', () => {
	it('lets what runs end and refuses what comes', async () => {
		const running = stage.call('GET', '/api/v1/held');
		const get = `GET /api/v1/held HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TOKEN}\r\n\r\n`;
		const { socket, heard } = stage.connect(get);
		await expect.poll(() => stage.inHandler).toBe(2);
		const closed = stage.door.close(10_000);
		socket.write(get);
		await expect(request(`${stage.url}/api/v1/held`)).rejects.toThrow('ECONNREFUSED');
		stage.release();
		await expect.poll(heard).toMatch(/200 OK[\s\S]*503 Service Unavailable[\s\S]*shutting-down/);
		expect((await running).status).toBe(200);
		await closed;
	});

	it('cuts what does not end', async () => {
		const running = stage.call('GET', '/api/v1/held');
		running.catch(() => {});
		await expect.poll(() => stage.inHandler).toBe(1);
		await stage.door.close(10);
		await expect(running).rejects.toThrow();
	});
});
