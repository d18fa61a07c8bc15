import type { QueryClient } from '@tanstack/react-query';
import type { LivePatch } from '../../../shared/protocol/live-updates.ts';
import type { NodeView } from '../../../shared/protocol/node.ts';
import { keys } from '../remote/keys.ts';
import { liveMeasures } from './live-measures.ts';
import { patchNodes } from './patch-nodes.ts';

/** Takes in what was told of nodes; true when they must be read again. */
export const hearOfNodes = (cache: QueryClient, patches: readonly LivePatch[]): boolean => {
	liveMeasures.hear(patches);
	const query = cache.getQueryState<readonly NodeView[]>(keys.nodeList);
	const { data: nodes, dataUpdatedAt: updatedAt = 0, isInvalidated = false } = query ?? {};
	// Nobody shows them; or they are just being read, and what was told meanwhile may not be in the answer.
	if (nodes === undefined) return query?.fetchStatus === 'fetching' && patches.some(({ kind }) => kind === 'node');
	const patched = patchNodes(nodes, patches);
	// What was read stays as old as it was; and what is to be read anew anyway must not pass for fresh.
	if (patched.nodes !== nodes && !isInvalidated) cache.setQueryData(keys.nodeList, patched.nodes, { updatedAt });
	return patched.isStale;
};
