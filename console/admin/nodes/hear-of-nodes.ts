import type { QueryClient } from '@tanstack/react-query';
import type { LivePatch } from '../../../shared/protocol/live-updates.ts';
import type { NodeView } from '../../../shared/protocol/node.ts';
import { keys } from '../remote/keys.ts';
import { liveMeasures } from './live-measures.ts';
import { patchNodes } from './patch-nodes.ts';

/** Takes in what was told of nodes; true when they must be read again. */
export const hearOfNodes = (cache: QueryClient, patches: readonly LivePatch[]): boolean => {
	liveMeasures.hear(patches);
	const nodes = cache.getQueryData<readonly NodeView[]>(keys.nodeList);
	// Whoever reads nodes in another way learns of every change.
	if (nodes === undefined) return patches.some(({ kind }) => kind === 'node');
	const patched = patchNodes(nodes, patches);
	const { dataUpdatedAt: updatedAt = 0, isInvalidated = false } = cache.getQueryState(keys.nodeList) ?? {};
	// What was read stays as old as it was; and what is to be read anew anyway must not pass for fresh.
	if (patched.nodes !== nodes && !isInvalidated) cache.setQueryData(keys.nodeList, patched.nodes, { updatedAt });
	return patched.isStale;
};
