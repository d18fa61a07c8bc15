import type { QueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from 'react';
import type { LiveState } from '../../../shared/client/live-client.ts';
import type { LivePatch, LiveTopic } from '../../../shared/protocol/live-updates.ts';
import { announce } from '../announcer.tsx';
import { queryClient } from '../remote/query-client.ts';
import { useSession } from '../session/session.tsx';
import { type CacheSync, LiveFeed } from './live-feed.ts';

interface Live {
	state: LiveState;
	/** Since when what is shown may be old; null while it is live. */
	lostAt: string | null;
	feed: LiveFeed | null;
}

const LiveContext = createContext<Live>({ state: 'connecting', lostAt: null, feed: null });

interface LiveProviderProps {
	topics: readonly LiveTopic[];
	openSync(cache: QueryClient): CacheSync;
	children: ReactNode;
}

/** Keeps the cache live while somebody is signed in. `topics` and `openSync` are the same ones each time. */
export const LiveProvider = ({ topics, openSync, children }: LiveProviderProps) => {
	const { end } = useSession();
	const [live, setLive] = useState<Live>({ state: 'connecting', lostAt: null, feed: null });
	useEffect(() => {
		let wasLost = false;
		const onState = (state: LiveState) => {
			setLive((before) => ({
				...before,
				state,
				lostAt: state === 'reconnecting' ? (before.lostAt ?? new Date().toISOString()) : null,
			}));
			if (state === 'signed-out') end();
			if (state === 'reconnecting') {
				wasLost = true;
				announce('Connection lost. What you see may be old.', 'assertive');
			} else if (state === 'live' && wasLost) {
				wasLost = false;
				announce('Connected again.');
			}
		};
		const feed = new LiveFeed({ topics, sync: openSync(queryClient), onState });
		setLive((before) => ({ ...before, feed }));
		return () => feed[Symbol.dispose]();
	}, [end, topics, openSync]);
	return <LiveContext value={live}>{children}</LiveContext>;
};

export const useLiveState = (): LiveState => useContext(LiveContext).state;

/** Since when what is shown may be old; null while it is live. */
export const useLostAt = (): string | null => useContext(LiveContext).lostAt;

export const useLiveFeed = (): LiveFeed | null => useContext(LiveContext).feed;

/** Calls back with every flush of patches while mounted. */
export const useLivePatches = (listener: (patches: readonly LivePatch[]) => void): void => {
	const feed = useLiveFeed();
	const current = useRef(listener);
	useEffect(() => {
		current.current = listener;
	}, [listener]);
	useEffect(() => feed?.onPatches((patches) => current.current(patches)), [feed]);
};
