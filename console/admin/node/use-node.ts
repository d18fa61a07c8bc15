import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { listAudit } from '../../../shared/client/audit.ts';
import { readHistory } from '../../../shared/client/history.ts';
import { listPastAttempts, readNode } from '../../../shared/client/nodes.ts';
import { listActs } from '../../../shared/client/task-steering.ts';
import type { PastAttempt } from '../../../shared/protocol/node-attempt.ts';
import { useLivePatches } from '../../kit/live/live.tsx';
import { http } from '../../kit/remote/api.ts';
import { usePages } from '../../kit/remote/use-pages.ts';
import { liveMeasures } from '../nodes/live-measures.ts';
import { keys } from '../remote/keys.ts';
import { CHARTED } from './history-data.ts';
import { RANGES, type Range } from './ranges.ts';

const REREAD_MS = 60_000;
/** What runs and what has ended is read again at most so often, however much begins and ends. */
const FOLLOW_MS = 2_000;
const PAST_PAGE = 500;
const MOST_EVENTS = 50;
const ACTS_LOOKED_THROUGH = 500;

export const useNode = (id: string, isId: boolean) =>
	useQuery({
		queryKey: keys.node(id),
		queryFn: async ({ signal }) => {
			const node = await readNode(http, id, { signal });
			liveMeasures.note(node);
			return node;
		},
		enabled: isId,
		refetchInterval: REREAD_MS,
	});

/** What ended there, the newest first, from the beginning of the range on. */
export const usePastAttempts = (id: string, range: Range, state: string) =>
	usePages(keys.nodePast(id, range, state), PAST_PAGE, (page, signal) =>
		listPastAttempts(
			http,
			id,
			{
				...page,
				from: new Date(Date.now() - RANGES[range].ms).toISOString(),
				...(state === '' ? {} : { state: state as PastAttempt['state'] }),
			},
			{ signal },
		),
	);

export const useNodeHistory = (id: string, range: Range) =>
	useQuery({
		queryKey: keys.nodeHistory(id, range),
		queryFn: ({ signal }) => {
			const from = new Date(Date.now() - RANGES[range].ms).toISOString();
			return readHistory(http, 'node', id, { from, measures: CHARTED }, { signal });
		},
		refetchInterval: RANGES[range].rereadMs,
		placeholderData: (before) => before,
	});

/** Something that was done to the node, as it is shown. */
export interface NodeEvent {
	id: string;
	at: string;
	action: string;
	who: string;
	detail: Readonly<Record<string, unknown>>;
	isRefused: boolean;
}

/** What was done to it: of the audit log where one may read that, or else of what operators did lately. */
export const useNodeEvents = (id: string, mayReadAudit: boolean) =>
	useQuery({
		queryKey: keys.nodeEvents(id),
		queryFn: async ({ signal }): Promise<NodeEvent[]> => {
			if (mayReadAudit) {
				const { items } = await listAudit(http, { object: id, limit: MOST_EVENTS }, { signal });
				return items.map(({ seq, at, action, actor, actorName, detail, outcome }) => ({
					...{ id: String(seq), at, action, who: actorName ?? actor, detail, isRefused: outcome === 'refused' },
				}));
			}
			const { items } = await listActs(http, { limit: ACTS_LOOKED_THROUGH }, { signal });
			return items
				.filter(({ object }) => object === id)
				.map(({ id: act, at, verb, by, detail }) => ({ id: act, at, action: verb, who: by, detail, isRefused: false }));
		},
	});

/** Has read again what runs and what has ended there when something begins or ends. */
export const useFollowNode = (id: string): void => {
	const cache = useQueryClient();
	const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
	useEffect(() => () => clearTimeout(timer.current), []);
	useLivePatches((patches) => {
		if (!patches.some((patch) => patch.kind === 'node' && patch.id === id)) return;
		timer.current ??= setTimeout(() => {
			timer.current = undefined;
			for (const queryKey of [keys.node(id), keys.nodeRunning(id), keys.nodePastOf(id), keys.nodeEvents(id)]) {
				void cache.invalidateQueries({ queryKey });
			}
		}, FOLLOW_MS);
	});
};
