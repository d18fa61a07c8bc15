import { afterEach, describe, expect, it, vi } from 'vitest';
import { whatIfSchema } from '../../shared/protocol/what-if.ts';
import { plainClass } from '../scheduler/service-class.ts';
import { type WhatIfOptions, WhatIfs } from './what-ifs.ts';

const DAY = whatIfSchema.parse({ from: '2026-03-01T00:00:00Z', to: '2026-03-02T00:00:00Z' });
const NEVER = new AbortController().signal;

/** The entry of a thread that does this. */
const thread = (body: string): URL =>
	new URL(`data:text/javascript,${encodeURIComponent(`import { parentPort } from 'node:worker_threads';\n${body}`)}`);
const STUCK = thread('setInterval(() => {}, 1000);');

const open: WhatIfs[] = [];
const whatIfs = (options: Partial<WhatIfOptions>): WhatIfs => {
	const room = new WhatIfs({
		entry: STUCK,
		ledgerFile: 'none',
		linkGraceMs: 10_000,
		flush: async () => {},
		rulesOf: plainClass,
		namesOf: async (owners) => new Map(owners.map((owner) => [owner, `name ${owner}`])),
		...options,
	});
	open.push(room);
	return room;
};
afterEach(async () => {
	for (const room of open.splice(0)) await room[Symbol.asyncDispose]();
});

describe('WhatIfs', () => {
	it('works out one at a time, and stops when nobody waits for it any more', async () => {
		const room = whatIfs({});
		const gone = new AbortController();
		const first = room.answer(DAY, gone.signal);
		await expect(room.answer(DAY, NEVER)).rejects.toMatchObject({ code: 'what-if-busy', retryAfter: 10 });
		gone.abort();
		expect(await first).toBeNull();
		const left = new AbortController();
		left.abort();
		expect(await room.answer(DAY, left.signal)).toBeNull();
	});

	it('gives up after its time, and takes the next one', async () => {
		const room = whatIfs({ mostMs: 1 });
		for (let i = 0; i < 2; i += 1) {
			await expect(room.answer(DAY, NEVER)).rejects.toMatchObject({ code: 'period-too-long' });
		}
	});

	it('says what the thread refused, and does not hang when the thread breaks', async () => {
		const refusal = { refusal: { code: 'nothing-recorded', detail: 'Nothing there.' } };
		const refusing = whatIfs({ entry: thread(`parentPort.postMessage(${JSON.stringify(refusal)});`) });
		await expect(refusing.answer(DAY, NEVER)).rejects.toMatchObject({
			code: 'nothing-recorded',
			message: 'Nothing there.',
		});
		const broken = whatIfs({ entry: thread('throw new Error("broken");') });
		await expect(broken.answer(DAY, NEVER)).rejects.toThrow('broken');
		const silent = whatIfs({ entry: thread('') });
		await expect(silent.answer(DAY, NEVER)).rejects.toThrow('without an answer');
	});

	it('says how far it is while it works, and nothing afterwards', async () => {
		const room = whatIfs({
			entry: thread(
				`parentPort.postMessage({ progress: { step: 'after', share: 0.75 } });\nsetInterval(() => {}, 1000);`,
			),
		});
		expect(room.progress).toBeNull();
		const gone = new AbortController();
		const asked = room.answer(DAY, gone.signal);
		expect(room.progress).toMatchObject({ step: 'reading', share: 0 });
		await vi.waitUntil(() => room.progress?.step === 'after', { timeout: 20_000 });
		expect(room.progress).toMatchObject({ share: 0.75 });
		gone.abort();
		await asked;
		expect(room.progress).toBeNull();
	});

	it('puts names to people', async () => {
		const person = { owner: 7, username: null };
		const answer = { tasks: 1, people: { total: 1, mostLost: [person], mostWon: [] } };
		const room = whatIfs({ entry: thread(`parentPort.postMessage(${JSON.stringify({ answer })});`) });
		const named = await room.answer(DAY, NEVER);
		expect(named).toMatchObject({ from: '2026-03-01T00:00:00.000Z', people: { mostLost: [{ username: 'name 7' }] } });
	});

	it('refuses a time that has not come', async () => {
		const later = { ...DAY, from: '9998-01-01T00:00:00Z', to: '9999-01-01T00:00:00Z' };
		await expect(whatIfs({}).answer(later, NEVER)).rejects.toMatchObject({ code: 'nothing-recorded' });
	});

	it('ends with the coordinator', async () => {
		const room = whatIfs({});
		const asked = room.answer(DAY, NEVER);
		// It is refused before anything else is waited for.
		const refused = expect(asked).rejects.toMatchObject({ code: 'shutting-down' });
		await room[Symbol.asyncDispose]();
		await refused;
		await expect(room.answer(DAY, NEVER)).rejects.toMatchObject({ code: 'shutting-down' });
	});
});
