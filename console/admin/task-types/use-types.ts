import { useQuery } from '@tanstack/react-query';
import { listNodes } from '../../../shared/client/nodes.ts';
import { eachItem } from '../../../shared/client/page.ts';
import { listTaskTypes, readTaskType } from '../../../shared/client/task-types.ts';
import { readTask } from '../../../shared/client/tasks.ts';
import type { NodeView } from '../../../shared/protocol/node.ts';
import { isFinalTaskState } from '../../../shared/protocol/task.ts';
import { http } from '../../kit/remote/api.ts';
import { keys } from '../remote/keys.ts';

const REREAD_MS = 1_000;
/** More are not asked whether they can run something. */
const MOST_NODES = 5_000;

export const useTypes = () =>
	useQuery({
		queryKey: keys.taskTypes,
		queryFn: async ({ signal }) => (await listTaskTypes(http, { signal })).items,
	});

export const useType = (name: string) =>
	useQuery({
		queryKey: keys.taskType(name),
		queryFn: ({ signal }) => readTaskType(http, name, undefined, { signal }),
	});

/** All nodes, to find out which can run what. */
export const useNodes = () =>
	useQuery({
		queryKey: keys.typeNodes,
		queryFn: async ({ signal }) => {
			const nodes: NodeView[] = [];
			const pages = (cursor?: string) =>
				listNodes(http, { limit: 1_000, ...(cursor === undefined ? {} : { cursor }) }, { signal });
			for await (const node of eachItem(pages)) if (nodes.push(node) >= MOST_NODES) break;
			return nodes;
		},
	});

/** A task that was made to try a type out, until it is over. */
export const useTestRun = (id: string) =>
	useQuery({
		queryKey: keys.testRun(id),
		queryFn: ({ signal }) => readTask(http, id, { signal }),
		refetchInterval: ({ state }) => (state.data && isFinalTaskState(state.data.state) ? false : REREAD_MS),
	});
