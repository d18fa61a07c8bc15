import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { SettleAnswer, Settlement } from '../../shared/protocol/agent-link.ts';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { SettleSpool } from './settle-spool.ts';
import { Settler } from './settler.ts';

const folder = new TempFolder();
afterAll(() => folder[Symbol.asyncDispose]());

const log = { info: () => {}, warn: () => {} };
let files = 0;

const settlement = (number: number, changes: { wallMs?: number; text?: string } = {}): Settlement => ({
	task: `tsk_${String(number).padStart(26, '0')}`,
	attempt: 1,
	token: String(number).padStart(32, '0'),
	outcome: 'succeeded',
	result: changes.text === undefined ? {} : { text: changes.text },
	outputs: [],
	usage: { wallMs: changes.wallMs ?? 1, cpuMs: 1, peakMemoryBytes: 1, bytesIn: 0, bytesOut: 0 },
});

const accept = (items: readonly Settlement[]): SettleAnswer => ({
	statuses: items.map(() => 'accepted'),
});

/** A settler over a link that the test plays. */
const setUp = (path = folder.join(`settler-${++files}.jsonl`)) => {
	const sent: Settlement[][] = [];
	const waiting: { resolve: (answer: SettleAnswer) => void; reject: (error: Error) => void }[] = [];
	const link = { isReady: true, isAutomatic: true };
	const { spool, kept } = SettleSpool.open(path, log);
	const settler = new Settler({
		spool,
		kept,
		isReady: () => link.isReady,
		log,
		send: (items) => {
			sent.push(items);
			if (link.isAutomatic) return Promise.resolve(accept(items));
			return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
		},
	});
	return { settler, sent, link, waiting, path, onDisk: () => readFileSync(path, 'utf8') };
};

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('the settler', () => {
	it('sends together what one turn brings, and forgets what is acknowledged', async () => {
		const { settler, sent } = setUp();
		settler.add(settlement(1));
		settler.add(settlement(2));
		await settler.empty();
		expect(sent).toEqual([[settlement(1), settlement(2)]]);
		expect(settler.size).toBe(0);
		settler.close();
	});

	it('does not write down the settlement of a short task that is acknowledged at once', async () => {
		const { settler, onDisk } = setUp();
		settler.add(settlement(1));
		await settler.empty();
		expect(onDisk()).toBe('');
		settler.close();
	});

	it('writes it down when the acknowledgement takes its time', async () => {
		const { settler, link, onDisk, waiting } = setUp();
		link.isAutomatic = false;
		settler.add(settlement(1));
		await vi.waitFor(() => expect(onDisk()).toContain(settlement(1).task), { timeout: 30_000 });
		waiting[0]?.resolve(accept([settlement(1)]));
		await settler.empty();
		settler.close();
		expect(onDisk()).toBe('');
	});

	it('writes down the settlement of longer work before it is sent', async () => {
		const { settler, link, onDisk, sent } = setUp();
		link.isAutomatic = false;
		settler.add(settlement(1, { wallMs: 5_000 }));
		await turn();
		await turn();
		expect(sent).toHaveLength(1);
		expect(onDisk()).toContain(settlement(1).task);
		settler.close();
	});

	it('writes everything down at once while there is no link, and sends it when there is one', async () => {
		const { settler, link, onDisk, sent } = setUp();
		link.isReady = false;
		settler.add(settlement(1));
		await turn();
		await turn();
		expect(onDisk()).toContain(settlement(1).task);
		expect(sent).toEqual([]);
		link.isReady = true;
		settler.resendAll();
		await settler.empty();
		expect(sent).toEqual([[settlement(1)]]);
		settler.close();
	});

	it('takes up what an earlier run has left', async () => {
		const first = setUp();
		first.link.isReady = false;
		first.settler.add(settlement(1));
		first.settler.close();
		const second = setUp(first.path);
		expect(second.settler.refs(10)).toEqual([{ task: settlement(1).task, attempt: 1, token: settlement(1).token }]);
		expect(second.settler.has(settlement(1).token)).toBe(true);
		second.settler.resendAll();
		await second.settler.empty();
		expect(second.sent).toEqual([[settlement(1)]]);
		second.settler.close();
	});

	it('sends again after a lost answer, after a wait that the coordinator names, and when the answer is not about all of them', async () => {
		const { settler, link, sent, waiting } = setUp();
		link.isAutomatic = false;
		settler.add(settlement(1));
		settler.add(settlement(2));
		await vi.waitFor(() => expect(waiting).toHaveLength(1), { timeout: 30_000 });
		waiting[0]?.reject(new Error('operation has timed out'));
		await vi.waitFor(() => expect(waiting).toHaveLength(2), { timeout: 30_000 });
		const startedAt = performance.now();
		waiting[1]?.resolve({ retryAfterMs: 80 });
		await vi.waitFor(() => expect(waiting).toHaveLength(3), { timeout: 30_000 });
		expect(performance.now() - startedAt).toBeGreaterThan(60);
		waiting[2]?.resolve(accept([settlement(1)]));
		await vi.waitFor(() => expect(waiting).toHaveLength(4), { timeout: 30_000 });
		expect(sent[3]).toEqual([settlement(1), settlement(2)]);
		waiting[3]?.resolve(accept([settlement(1), settlement(2)]));
		await settler.empty();
		settler.close();
	});

	it('gives up what is refused for good, so that it is done elsewhere', async () => {
		const { settler, link, waiting, onDisk } = setUp();
		link.isAutomatic = false;
		settler.add(settlement(1, { wallMs: 60_000 }));
		await vi.waitFor(() => expect(waiting).toHaveLength(1), { timeout: 30_000 });
		waiting[0]?.resolve({ refused: 'bad-signature', message: 'no' });
		await settler.empty();
		expect(settler.refs(10)).toEqual([]);
		settler.close();
		expect(onDisk()).toBe('');
	});

	it('sends again when the answer is malformed', async () => {
		const { settler, link, waiting } = setUp();
		link.isAutomatic = false;
		settler.add(settlement(1));
		await vi.waitFor(() => expect(waiting).toHaveLength(1), { timeout: 30_000 });
		waiting[0]?.resolve('what?' as never);
		await vi.waitFor(() => expect(waiting).toHaveLength(2), { timeout: 30_000 });
		settler.close();
	});

	it('forgets on any final status: accepted, repeated, stale, invalid', async () => {
		const { settler, link, waiting } = setUp();
		link.isAutomatic = false;
		for (let number = 1; number <= 4; number++) settler.add(settlement(number));
		await vi.waitFor(() => expect(waiting).toHaveLength(1), { timeout: 30_000 });
		const statuses = ['accepted', 'repeated', 'stale', 'invalid'] as const;
		waiting[0]?.resolve({
			statuses: [...statuses],
		});
		await settler.empty();
		settler.close();
	});

	it('keeps messages small: a few hundred items, and far below 256 KiB', async () => {
		const { settler, sent } = setUp();
		for (let number = 0; number < 1_200; number++) settler.add(settlement(number));
		for (let number = 2_000; number < 2_020; number++) settler.add(settlement(number, { text: 'x'.repeat(60_000) }));
		await settler.empty();
		expect(sent.flat()).toHaveLength(1_220);
		for (const items of sent) {
			expect(items.length).toBeLessThanOrEqual(500);
			expect(JSON.stringify(items).length).toBeLessThan(200 * 1024);
		}
		settler.close();
	});

	it('keeps messages small whatever they are made of', async () => {
		const { settler, sent } = setUp();
		const wide = '\u6f22'.repeat(2_000);
		const usage = settlement(0).usage;
		for (let number = 0; number < 200; number++) {
			const { task, attempt, token } = settlement(number);
			const failure = { class: 'input', code: 'bad', message: wide } as const;
			settler.add({ task, attempt, token, outcome: 'failed', failure, usage });
		}
		const output = { sha256: 'a'.repeat(64), size: 2 ** 40, mediaType: `text/${'x'.repeat(250)}` };
		const outputs = Array.from({ length: 100 }, (_, i) => ({ ...output, name: '\u6f22'.repeat(80) + i }));
		for (let number = 300; number < 320; number++) {
			settler.add({ ...settlement(number), outputs } as Settlement);
			settler.add(settlement(number + 100, { text: wide.repeat(10) }));
		}
		await settler.empty();
		expect(sent.flat()).toHaveLength(240);
		for (const items of sent) expect(Buffer.byteLength(JSON.stringify(items))).toBeLessThan(200 * 1024);
		settler.close();
	});

	it('tells as a failure what is too large for any message, also after a restart', async () => {
		const first = setUp();
		first.link.isReady = false;
		const output = { name: 'n'.repeat(250), sha256: 'a'.repeat(64), size: 1, mediaType: 'text/plain' };
		first.settler.add({ ...settlement(1), outputs: Array.from({ length: 900 }, () => output) } as Settlement);
		first.settler.close();
		const second = setUp(first.path);
		second.settler.add(settlement(2));
		second.settler.resendAll();
		await second.settler.empty();
		const { task, attempt, token, usage } = settlement(1);
		const failure = { class: 'permanent', code: 'settlement-too-large', message: expect.stringContaining('bytes') };
		expect(second.sent.flat()).toEqual([{ task, attempt, token, usage, outcome: 'failed', failure }, settlement(2)]);
		second.settler.close();
	});

	it('drops what is void, and never sends it', async () => {
		const { settler, link, sent } = setUp();
		link.isReady = false;
		settler.add(settlement(1));
		settler.add(settlement(2));
		await turn();
		settler.drop(settlement(1).token);
		link.isReady = true;
		settler.resendAll();
		await settler.empty();
		expect(sent).toEqual([[settlement(2)]]);
		settler.close();
	});

	it('goes on without a spool when the disk is full', async () => {
		const spool = {
			append: () => {
				throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
			},
			acknowledge: () => {},
			close: () => {},
		} as unknown as SettleSpool;
		const send = vi.fn(async (items: Settlement[]) => accept(items));
		const settler = new Settler({ spool, kept: new Map(), isReady: () => true, log, send });
		settler.add(settlement(1, { wallMs: 9_000 }));
		await settler.empty();
		expect(send).toHaveBeenCalledOnce();
	});
});
