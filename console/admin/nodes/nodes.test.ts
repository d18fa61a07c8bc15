import { expect, test, vi } from 'vitest';
import type { LivePatch } from '../../../shared/protocol/live-updates.ts';
import { type NodeView, nodeViewSchema } from '../../../shared/protocol/node.ts';
import { LiveMeasures } from './live-measures.ts';
import { allLabels, countStates, filterNodes } from './node-filter.ts';
import { patchNodes } from './patch-nodes.ts';

const idOf = (letter: string): string => `nod_${letter.repeat(26)}`;
const node = (letter: string, more: Partial<NodeView> = {}): NodeView =>
	nodeViewSchema.parse({
		...{ id: idOf(letter), name: `vm-${letter}`, state: 'online', capabilities: null, queues: ['normal'] },
		...{ concurrency: 4, running: 0, metrics: null, lastSeenAt: null },
		...more,
	});
const NODES = [
	node('a', { labels: { zone: 'lab', fast: '' }, running: 1, work: { md5: 1 } }),
	node('b', { state: 'offline', labels: { zone: 'lab' } }),
	node('c', { state: 'revoked', labels: { zone: 'old' } }),
	node('d', {
		queues: ['hardware'],
		capabilities: {
			cores: 1,
			memoryBytes: 1,
			hardware: { card: 1 },
			labels: {},
			sandbox: 'none',
			taskTypes: [],
			platform: 'linux',
			agentVersion: '0.9.1',
		},
	}),
];
const ALL = { state: '', label: '', text: '' };
const names = (nodes: readonly NodeView[]) => nodes.map(({ name }) => name);

test('nodes are found by state, label and every word that is known of them', () => {
	expect(names(filterNodes(NODES, ALL))).toEqual(['vm-a', 'vm-b', 'vm-d']);
	expect(names(filterNodes(NODES, { ...ALL, state: 'revoked' }))).toEqual(['vm-c']);
	expect(names(filterNodes(NODES, { ...ALL, label: 'zone=lab' }))).toEqual(['vm-a', 'vm-b']);
	expect(names(filterNodes(NODES, { ...ALL, label: 'fast' }))).toEqual(['vm-a']);
	expect(names(filterNodes(NODES, { ...ALL, text: 'CARD 0.9' }))).toEqual(['vm-d']);
	expect(names(filterNodes(NODES, { ...ALL, text: 'md5' }))).toEqual(['vm-a']);
	expect(filterNodes(NODES, { ...ALL, state: 'nothing' })).toEqual([]);
	expect(allLabels(NODES)).toEqual(['fast', 'zone=lab']);
});

test('no count differs from the list that it leads to', () => {
	for (const filter of [ALL, { ...ALL, label: 'zone=lab' }, { ...ALL, state: 'suspect', text: 'vm' }]) {
		const counts = countStates(NODES, filter);
		for (const [state, count] of counts) expect(filterNodes(NODES, { ...filter, state })).toHaveLength(count);
		if (filter.state !== '') expect(counts.map(([state]) => state)).toContain(filter.state);
	}
});

const told = (letter: string, state: string, running = 0): LivePatch => ({
	...{ kind: 'node', id: idOf(letter), version: 1, state, running },
});
const measured = (version: number, letter: string, cpuLoad: number, running = 0): LivePatch => ({
	...{ kind: 'node-metrics', id: '0', version },
	nodes: [{ id: idOf(letter), running, work: {}, metrics: { cpuLoad } }],
});

test('a change of state shows at once and has the rest read; what runs has nothing read', () => {
	const before = patchNodes(NODES, [told('a', 'online', 3)]);
	expect(before).toEqual({ nodes: NODES, isStale: false });
	expect(before.nodes).toBe(NODES);
	const { nodes, isStale } = patchNodes(NODES, [told('a', 'draining', 3)]);
	expect(isStale).toBe(true);
	expect(nodes.map(({ state }) => state)).toEqual(['draining', 'offline', 'revoked', 'online']);
	expect(nodes[1]).toBe(NODES[1]);
	expect(patchNodes(NODES, [told('e', 'online')])).toEqual({ nodes: NODES, isStale: true });
	expect(patchNodes(NODES, [told('a', 'of a later version')])).toEqual({ nodes: NODES, isStale: true });
});

test('only who shows a node hears of its measures, and only when they look different', () => {
	const measures = new LiveMeasures();
	measures.read(NODES);
	const [onA, onB] = [vi.fn(), vi.fn()];
	const stop = measures.subscribe(idOf('a'), onA);
	measures.subscribe(idOf('b'), onB);
	measures.hear([measured(5, 'a', 0.501, 2)]);
	measures.hear([measured(6, 'a', 0.502, 2)]);
	expect([onA.mock.calls.length, onB.mock.calls.length]).toEqual([1, 0]);
	expect(measures.get(idOf('a'))).toMatchObject({ running: 2, metrics: { cpuLoad: 0.501 } });
	measures.hear([measured(4, 'a', 0.9)]);
	expect(measures.get(idOf('a')).metrics?.cpuLoad, 'what is older is ignored').toBe(0.501);
	expect(measures.running([idOf('a'), idOf('b')])).toBe(2);
	measures.hear([told('a', 'offline')]);
	expect(measures.get(idOf('a'))).toMatchObject({ running: 0, metrics: null });
	stop();
	measures.hear([measured(7, 'a', 0.1)]);
	expect(onA).toHaveBeenCalledTimes(2);
	measures.read([]);
	expect(measures.get(idOf('a')).metrics).toBeNull();
});
