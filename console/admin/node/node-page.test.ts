import { expect, test } from 'vitest';
import type { History } from '../../../shared/protocol/history.ts';
import { nodeViewSchema } from '../../../shared/protocol/node.ts';
import type { NodeAttempt, PastAttempt } from '../../../shared/protocol/node-attempt.ts';
import { spansOf, taskOf } from './attempt-spans.ts';
import { grantedRows } from './granted.ts';
import { chartOf } from './history-data.ts';
import { rangeOf } from './ranges.ts';

const second = (at: number) => new Date(at * 1_000).toISOString();

test('a history becomes lines, with a gap where nothing was measured', () => {
	const history: History = {
		...{ resolution: 'second', from: second(0), to: second(60) },
		times: [10, 11, 40].map(second),
		measures: {
			cpuLoad: { unit: 'share', mean: [0.1, null, 0.3] },
			gpuLoad: { unit: 'share', mean: [null, null, null] },
		},
	};
	const picks = [
		{ measure: 'cpuLoad', name: 'CPU', color: 'indigo' as const, withMost: true },
		{ measure: 'gpuLoad', name: 'GPU', color: 'grape' as const },
		{ measure: 'load1', name: 'Load', color: 'gray' as const },
	];
	expect(chartOf(history, picks)).toEqual({
		times: [10, 11, 12, 40],
		series: [{ name: 'CPU', color: 'indigo', values: [0.1, null, null, 0.3] }],
	});
	const hours: History = {
		...history,
		...{ resolution: 'hour', times: [0, 3_600].map(second) },
		measures: { cpuLoad: { unit: 'share', mean: [0.1, 0.2], least: [0, 0], most: [0.9, 1] } },
	};
	expect(chartOf(hours, picks).series.map(({ name, values }) => [name, values])).toEqual([
		['CPU', [0.1, 0.2]],
		['CPU, highest', [0.9, 1]],
	]);
});

test('an attempt that ended while it was being told to run is there once, as ended', () => {
	const past: PastAttempt = {
		...{ task: 'tsk_1', attempt: 2, type: 'md5', owner: null, ownerName: null, state: 'lost', reason: null },
		...{ startedAt: second(5), finishedAt: second(9) },
	};
	const running = { task: 'tsk_1', attempt: 2, type: 'md5', since: second(5) } as NodeAttempt;
	const spans = spansOf([running, { ...running, attempt: 3, since: second(10) }], [past]);
	expect(spans.map(({ id, state, from, until }) => [id, state, from, until])).toEqual([
		['tsk_1/2', 'Lost', 5_000, 9_000],
		['tsk_1/3', 'Running', 10_000, null],
	]);
	expect(spans.map(taskOf)).toEqual(['tsk_1', 'tsk_1']);
});

test('what is granted stands beside what is declared, and is marked where it is other', () => {
	const node = nodeViewSchema.parse({
		...{ id: `nod_${'a'.repeat(26)}`, name: 'vm', state: 'online', queues: ['normal'], concurrency: 2, running: 0 },
		...{ metrics: null, lastSeenAt: null, labels: { zone: 'b' } },
		declared: { queues: ['normal', 'hardware'], concurrency: 8, labels: { zone: 'b' } },
		policy: { taskTypes: ['md5'], reservedFor: ['card'] },
		capabilities: { cores: 4, memoryBytes: 2 ** 30, taskTypes: ['md5', 'noop'], hardware: { card: 2 } },
	});
	const other = grantedRows(node).filter(({ differs }) => differs);
	expect(other.map(({ what, declares, granted }) => [what, declares, granted])).toEqual([
		['Queues', 'normal, hardware', 'normal'],
		['Tasks at once', '8', '2'],
		['Task types', 'md5, noop', 'md5'],
		['Tasks', 'any that it can run', 'only tasks that ask for card'],
	]);
	expect(grantedRows({ ...node, capabilities: null })).toEqual([]);
});

test('what is no range is an hour', () => {
	expect(['1h', '7d', '', 'toString', '2h'].map(rangeOf)).toEqual(['1h', '7d', '1h', '1h', '1h']);
});
