import { QueryClient } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import type { LivePatch } from '../../../shared/protocol/live-updates.ts';
import { type NodeView, nodeViewSchema } from '../../../shared/protocol/node.ts';
import { keys } from '../remote/keys.ts';
import { hearOfNodes } from './hear-of-nodes.ts';

const ID = `nod_${'a'.repeat(26)}`;
const NODE = nodeViewSchema.parse({
	...{ id: ID, name: 'vm-a', state: 'online', capabilities: null, queues: ['normal'] },
	...{ concurrency: 4, running: 0, metrics: null, lastSeenAt: null },
});
const told = (state: string, running = 0): LivePatch => ({ kind: 'node', id: ID, version: 1, state, running });
const shown = (cache: QueryClient) => cache.getQueryData<readonly NodeView[]>(keys.nodeList)?.[0]?.state;

test('a list that is shown is changed where it is, and read again for what patches do not tell', () => {
	const cache = new QueryClient();
	cache.setQueryData(keys.nodeList, [NODE], { updatedAt: 5 });
	expect(hearOfNodes(cache, [told('online', 3)])).toBe(false);
	expect(hearOfNodes(cache, [told('draining')])).toBe(true);
	expect(shown(cache)).toBe('draining');
	expect(cache.getQueryState(keys.nodeList)?.dataUpdatedAt).toBe(5);
});

test('nothing is read for a list that nobody shows, but for one that is on its way', async () => {
	const cache = new QueryClient();
	expect(hearOfNodes(cache, [told('offline')])).toBe(false);
	let answer = (_: NodeView[]): void => {};
	const answered = new Promise<NodeView[]>((resolve) => {
		answer = resolve;
	});
	const reading = cache.fetchQuery({ queryKey: keys.nodeList, queryFn: () => answered });
	expect(hearOfNodes(cache, [told('offline')])).toBe(true);
	expect(hearOfNodes(cache, [])).toBe(false);
	answer([NODE]);
	await reading;
	expect(hearOfNodes(cache, [told('online')])).toBe(false);
});
