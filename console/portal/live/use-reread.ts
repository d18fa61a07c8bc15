import type { QueryKey } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { queryClient } from '../remote/query-client.ts';
import { useLivePatches } from './live.tsx';

const AT_MOST_EVERY_MS = 2_000;

/**
 * Reads something again when tasks have moved, at most every two seconds: there are no updates of recipes, schedules
 * and jobs themselves, but what changes about them by itself are the states of their tasks.
 */
export const useRereadWhenTasksMove = (queryKey: QueryKey, isWanted = true): void => {
	const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
	const readAt = useRef(0);
	useEffect(() => () => clearTimeout(timer.current), []);
	useLivePatches((patches) => {
		if (!isWanted || timer.current !== undefined || !patches.some(({ kind }) => kind === 'task')) return;
		const wait = Math.max(0, readAt.current + AT_MOST_EVERY_MS - Date.now());
		timer.current = setTimeout(() => {
			timer.current = undefined;
			readAt.current = Date.now();
			void queryClient.invalidateQueries({ queryKey });
		}, wait);
	});
};
