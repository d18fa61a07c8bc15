import { expect, test } from 'vitest';
import type { Settlement } from '../../shared/protocol/agent-link.ts';
import { MAX_RESULT_BYTES } from '../../shared/protocol/settlement-bounds.ts';
import { TestBook } from '../../test/support/policy-book.ts';
import { judgeSettlement, parseSettlement } from './judge-settlement.ts';
import type { Lease } from './open-task.ts';

const usage = { wallMs: 1, cpuMs: 1, peakMemoryBytes: 1, bytesIn: 0, bytesOut: 0 };
const ref = { task: `tsk_${'0'.repeat(26)}`, attempt: 1, token: 'a'.repeat(32) };
const output = { name: 'a.jpg', sha256: 'b'.repeat(64), size: 3, mediaType: 'image/jpeg' };
const succeeded = (more: Partial<Extract<Settlement, { outcome: 'succeeded' }>> = {}): Settlement => ({
	...ref,
	outcome: 'succeeded',
	result: {},
	outputs: [],
	usage,
	...more,
});
const judge = (settlement: Settlement, options: { cancelRequested?: boolean; there?: boolean } = {}) =>
	judgeSettlement(settlement, {
		lease: { cancelRequested: options.cancelRequested ?? false, startedMono: performance.now() } as Lease,
		draining: false,
		hasOutput: () => options.there ?? true,
		policies: new TestBook(),
		machine: null,
	});

test.each([
	['nothing', null],
	['a text', 'succeeded'],
	['an unknown outcome', { ...succeeded(), outcome: 'won' }],
	['a token that is none', { ...succeeded(), token: '../../etc' }],
	['an output with a huge name', succeeded({ outputs: [{ ...output, name: 'x'.repeat(300) }] })],
	[
		'a result that is nested without end',
		succeeded({ result: { deep: JSON.parse('['.repeat(5_000) + ']'.repeat(5_000)) } }),
	],
	['usage in words', { ...succeeded(), usage: { ...usage, cpuMs: 'much' } }],
	['usage without its time', { ...succeeded(), usage: { ...usage, wallMs: undefined } }],
])('%s is no settlement', (_, item) => {
	expect(parseSettlement(item)).toBeNull();
});

test('a result as large as allowed succeeds, one byte more fails for good reason', () => {
	const room = MAX_RESULT_BYTES - JSON.stringify({ text: '' }).length;
	expect(judge(succeeded({ result: { text: 'x'.repeat(room) } })).end).toEqual({ state: 'succeeded' });
	const { end } = judge(succeeded({ result: { text: 'x'.repeat(room + 1) } }));
	expect(end).toMatchObject({ state: 'failed', failure: { class: 'resource', code: 'result-too-large' } });
});

test('outputs that are not there give the work back instead of losing them', () => {
	expect(judge(succeeded({ outputs: [output] }), { there: false }).end).toMatchObject({ state: 'returned' });
	expect(judge(succeeded({ outputs: [output] })).end).toEqual({ state: 'succeeded' });
});

test('two outputs of one name are a failure', () => {
	expect(judge(succeeded({ outputs: [output, output] })).end).toMatchObject({ state: 'failed' });
});

test('a cancel that nobody asked for is work given back', () => {
	const cancelled: Settlement = { ...ref, outcome: 'cancelled', usage };
	expect(judge(cancelled).end.state).toBe('returned');
	expect(judge(cancelled, { cancelRequested: true }).end.state).toBe('cancelled');
});
