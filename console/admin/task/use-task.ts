import { useQuery } from '@tanstack/react-query';
import { readPlacement, readTask } from '../../../shared/client/tasks.ts';
import type { TaskDetail } from '../../../shared/protocol/task.ts';
import { useLivePatches } from '../../kit/live/live.tsx';
import { indexPatches, patchTask } from '../../kit/live/task-patches.ts';
import { http } from '../../kit/remote/api.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import { keys } from '../remote/keys.ts';

const PLACEMENT_MS = 5_000;

/** One task, live: what updates tell is shown at once, and what they do not tell is read again when they show a change. */
export const useTask = (id: string, isId: boolean) => {
	const queryKey = keys.oneTask(id);
	useLivePatches((all) => {
		const patches = all.filter((patch) => patch.kind === 'task' && patch.id === id);
		const before = queryClient.getQueryData<TaskDetail>(queryKey);
		if (patches.length === 0 || before === undefined) return;
		const after = patchTask(before, indexPatches(patches.filter((patch) => patch.kind === 'task')));
		if (after === before) return;
		queryClient.setQueryData(queryKey, after);
		// Attempts, times and results are not in the patch.
		if (after.version !== before.version) void queryClient.invalidateQueries({ queryKey });
	});
	return useQuery({
		queryKey,
		queryFn: ({ signal }) => readTask(http, id, { signal }),
		staleTime: 2_000,
		enabled: isId,
	});
};

/** What every node lacks for it; it changes with every lease anywhere, so it is asked again while it is looked at. */
export const usePlacement = (id: string) =>
	useQuery({
		queryKey: keys.placement(id),
		queryFn: ({ signal }) => readPlacement(http, id, { signal }),
		refetchInterval: PLACEMENT_MS,
		staleTime: 0,
	});
