import fc from 'fast-check';
import { WebSocket } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LiveStage, SESSION, taskChange } from '../../../test/support/live-stage.ts';
import { waitFor } from '../../../test/support/wait-for.ts';

let stage: LiveStage;
beforeEach(async () => {
	stage = await new LiveStage().start();
});
afterEach(() => stage[Symbol.asyncDispose]());

describe('a screen is let in', () => {
	it('by token, by cookie, from our own pages', async () => {
		const self = `http://127.0.0.1:${stage.port}`;
		for (const [token, headers] of [
			['user', {}],
			['user', { origin: self }],
			['user', { origin: 'https://mill.example' }],
			[undefined, { cookie: `a=b; millrace=${SESSION}` }],
			[undefined, { cookie: `__Host-millrace=${SESSION}`, origin: self }],
		] as const) {
			expect(await stage.connect(token, headers)).toBeInstanceOf(Object);
		}
		expect(stage.door.size).toBe(5);
	});

	it.each([
		['nobody', undefined, {}, 'unauthenticated'],
		['a wrong token', 'wrong', {}, 'unauthenticated'],
		['a wrong token beside a good cookie', 'wrong', { cookie: `millrace=${SESSION}` }, 'unauthenticated'],
		['an old cookie', undefined, { cookie: 'millrace=old' }, 'unauthenticated'],
		["another site's page", undefined, { cookie: `millrace=${SESSION}`, origin: 'https://evil.example' }, 'cross-site'],
		['a sandboxed page', undefined, { cookie: `millrace=${SESSION}`, origin: 'null' }, 'cross-site'],
	])('but not %s', async (_, token, headers, code) => {
		expect(await stage.connect(token, headers as Record<string, string>)).toBe(code);
		expect(stage.door.size).toBe(0);
	});

	it('but not without end', async () => {
		await stage.restart({ ofUser: 2, ofNetwork: 3 });
		const all = await Promise.all(['user', 'user', 'user', 'other', 'operator'].map((who) => stage.connect(who)));
		expect(all.filter((one) => one === 'too-many-requests')).toHaveLength(2);
		for (const one of all) if (typeof one !== 'string') one.disconnect();
		await waitFor('the seats to be free', () => stage.door.size === 0);
		expect(await stage.connect('user')).toBeInstanceOf(Object);
	});

	it('or is cut off when it does not say who it is', async () => {
		const socket = new WebSocket(`ws://127.0.0.1:${stage.port}/socket.io/?EIO=4&transport=websocket`);
		const refused = new Promise((resolve) =>
			socket.addEventListener('message', ({ data }) => data !== '' && resolve(data)),
		);
		await refused;
		socket.send('40');
		await new Promise((resolve) => socket.addEventListener('close', resolve));
	});
});

describe('random frames', () => {
	it('do no harm', async () => {
		const { client: witness, heard } = await stage.watch('other', ['tasks']);
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
				const socket = new WebSocket(`ws://127.0.0.1:${stage.port}/socket.io/?EIO=4&transport=websocket`);
				await new Promise((resolve) => socket.addEventListener('message', resolve, { once: true }));
				const over = new Promise((resolve) => socket.addEventListener('close', resolve));
				if (isIn) socket.send('40/live,{"token":"user"}');
				for (const text of frames) socket.send(text.startsWith('4') ? text : `4${text}`);
				socket.close();
				await over;
			}),
			{ numRuns: 100 },
		);
		await waitFor('all to be gone', () => stage.door.size === 1);
		stage.announcer.announce('task:changed', [taskChange(2, 'tsk_a', 1)]);
		await waitFor('the witness to hear', () => heard.length === 1);
		expect(witness.connected).toBe(true);
	}, 30_000);
});
