import { useState } from 'react';
import type { LivePatch } from '../../../shared/protocol/live-updates.ts';
import { useLivePatches } from '../../kit/live/live.tsx';
import { mayFit } from '../../kit/tasks/may-fit.ts';
import type { TaskFilter } from '../remote/keys.ts';

/** Counts tasks that have come since the list was read; they wait to be asked for, so that no row jumps under the pointer. */
export const useNewTasks = (filter: TaskFilter, shown: ReadonlySet<string>, newest: string | null): number => {
	const [seen, setSeen] = useState<ReadonlySet<string>>(new Set());
	useLivePatches((patches) => {
		if (newest === null || filter.queue !== undefined || filter.job !== undefined) return;
		const fresh = patches.flatMap((patch: LivePatch) =>
			// Ids are ordered by time: a smaller one is an old task further down.
			patch.kind === 'task' && patch.id > newest && mayFit(filter, patch) ? [patch.id] : [],
		);
		if (fresh.some((id) => !seen.has(id))) setSeen(new Set([...seen, ...fresh]));
	});
	return [...seen].filter((id) => !shown.has(id) && (newest === null || id > newest)).length;
};
