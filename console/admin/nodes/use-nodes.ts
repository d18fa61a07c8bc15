import { useQuery } from '@tanstack/react-query';
import { type RefObject, useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { listNodeAttempts, listNodes } from '../../../shared/client/nodes.ts';
import { eachItem } from '../../../shared/client/page.ts';
import type { NodeView } from '../../../shared/protocol/node.ts';
import { http } from '../../kit/remote/api.ts';
import { keys } from '../remote/keys.ts';
import { liveMeasures, type Measures } from './live-measures.ts';

const PAGE = 500;
const MOST_RUNNING = 1_000;
/** However well patches come, what is on screen is read again so often. */
const REREAD_MS = 60_000;

const readAll = async (signal: AbortSignal): Promise<readonly NodeView[]> => {
	const nodes: NodeView[] = [];
	const pages = (cursor?: string) =>
		listNodes(http, { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) }, { signal });
	for await (const node of eachItem(pages)) nodes.push(node);
	liveMeasures.read(nodes);
	return nodes;
};

/** Every node, in the order of joining; revoked ones too. Whoever lists, counts or names nodes reads them here. */
export const useNodes = () =>
	useQuery({ queryKey: keys.nodeList, queryFn: ({ signal }) => readAll(signal), refetchInterval: REREAD_MS });

/** What a node runs now. */
export const useRunningAttempts = (id: string) =>
	useQuery({
		queryKey: keys.nodeRunning(id),
		queryFn: async ({ signal }) => (await listNodeAttempts(http, id, { limit: MOST_RUNNING }, { signal })).items,
		refetchInterval: REREAD_MS,
	});

/** Slots in use of these nodes together, live. */
export const useRunning = (nodes: readonly NodeView[]): number => {
	const ids = useMemo(() => nodes.map(({ id }) => id), [nodes]);
	return useSyncExternalStore(subscribeAll, () => liveMeasures.running(ids));
};
const subscribeAll = (listener: () => void) => liveMeasures.subscribeAll(listener);

const watched = new Map<Element, (isSeen: boolean) => void>();
let observer: IntersectionObserver | null = null;

/** Whether something is on the screen, or nearly. One observer for all. */
const useSeen = (element: RefObject<Element | null>): boolean => {
	const [isSeen, setSeen] = useState(false);
	useEffect(() => {
		const target = element.current;
		if (target === null) return;
		observer ??= new IntersectionObserver(
			(entries) => {
				for (const { target: one, isIntersecting } of entries) watched.get(one)?.(isIntersecting);
			},
			{ rootMargin: '200px' },
		);
		watched.set(target, setSeen);
		observer.observe(target);
		return () => {
			watched.delete(target);
			observer?.unobserve(target);
		};
	}, [element]);
	return isSeen;
};

/** A node's newest measures; drawn anew only while `element` is on the screen. */
export const useMeasures = (id: string, element: RefObject<Element | null>): Measures => {
	const isSeen = useSeen(element);
	const subscribe = useCallback(
		(listener: () => void) => (isSeen ? liveMeasures.subscribe(id, listener) : () => {}),
		[id, isSeen],
	);
	return useSyncExternalStore(subscribe, () => liveMeasures.get(id));
};
