import { expect, test } from 'vitest';
import { nodeViewSchema } from '../../../shared/protocol/node.ts';
import { needsSchema } from '../../../shared/protocol/task-type.ts';
import { needsInWords, whyNot } from './node-fit.ts';

const node = (capabilities: object | null, policy: object | null = null) =>
	nodeViewSchema.parse({
		...{ id: `nod_${'0'.repeat(26)}`, name: 'n', state: 'online', queues: [], concurrency: 1, running: 0 },
		...{ metrics: null, lastSeenAt: null, policy },
		capabilities: capabilities && { cores: 4, memoryBytes: 8e9, taskTypes: ['scan'], ...capabilities },
	});
const type = (needs: object = {}) => ({ name: 'scan', needs: needsSchema.parse(needs) });

test('a node that has everything can run it', () => {
	const has = { hardware: { gpu: 2 }, labels: { zone: 'lab' }, sandbox: 'strong' };
	const needs = { cores: 4, memoryBytes: 8e9, hardware: { gpu: 2 }, labels: { zone: 'lab' }, sandbox: 'limits' };
	expect(whyNot(type(needs), node(has))).toEqual([]);
	expect(whyNot(type(needs), node(has, { taskTypes: ['scan'], reservedFor: ['gpu'] }))).toEqual([]);
});

test('everything that it lacks is told', () => {
	const needs = { cores: 8, memoryBytes: 16e9, hardware: { gpu: 1 }, labels: { zone: 'lab' }, sandbox: 'strong' };
	expect(whyNot(type(needs), node({ taskTypes: [], labels: { zone: 'hall' } }))).toEqual([
		'its agent does not offer it',
		'cores: 4 of 8',
		'memory: 8.0 GB of 16.0 GB',
		'gpu: 0 of 1',
		'no label zone=lab',
		'its sandbox is none only',
	]);
	expect(whyNot(type(), node(null))).toEqual(['it was never connected']);
});

test('what a node is kept for is respected', () => {
	expect(whyNot(type(), node({}, { taskTypes: ['other'], reservedFor: ['gpu'] }))).toEqual([
		'its policy takes other types only',
		'it is kept for other work',
	]);
});

test('needs are told in a few words', () => {
	expect(needsInWords(type().needs)).toBe('nothing special');
	expect(needsInWords(type({ cores: 2, hardware: { gpu: 1, card: 2 }, sandbox: 'strong' }).needs)).toBe(
		'2 cores, gpu, 2 × card, sandbox strong',
	);
});
