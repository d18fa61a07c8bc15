import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from 'react';
import { readFile } from '../../../shared/client/files.ts';
import type { LiveState } from '../../../shared/client/live-client.ts';
import type { LivePatch } from '../../../shared/protocol/live-updates.ts';
import { announce } from '../../kit/announcer.tsx';
import { http } from '../remote/api.ts';
import { queryClient } from '../remote/query-client.ts';
import { useSession } from '../session/session.tsx';
import { LiveFeed } from './live-feed.ts';
import { CacheSync } from './sync-cache.ts';

interface Live {
	state: LiveState;
	feed: LiveFeed | null;
}

const LiveContext = createContext<Live>({ state: 'connecting', feed: null });

/** Keeps the cache live while somebody is signed in. */
export const LiveProvider = ({ children }: { children: ReactNode }) => {
	const { end } = useSession();
	const [live, setLive] = useState<Live>({ state: 'connecting', feed: null });
	useEffect(() => {
		let wasLost = false;
		const onState = (state: LiveState) => {
			setLive((before) => ({ ...before, state }));
			if (state === 'signed-out') end();
			if (state === 'reconnecting') {
				wasLost = true;
				announce('Connection lost. What you see may be old.', 'assertive');
			} else if (state === 'live' && wasLost) {
				wasLost = false;
				announce('Connected again.');
			}
		};
		const sync = new CacheSync(queryClient, (id) => readFile(http, id));
		const feed = new LiveFeed({ baseUrl: http.baseUrl, sync, onState });
		setLive((before) => ({ ...before, feed }));
		return () => feed[Symbol.dispose]();
	}, [end]);
	return <LiveContext value={live}>{children}</LiveContext>;
};

export const useLiveState = (): LiveState => useContext(LiveContext).state;

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
