import { useSyncExternalStore } from 'react';
import { formatDuration, formatExact, formatRelative } from './format.ts';

const TICK_MS = 5_000;
const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

/** One clock for all times on the screen: it ticks only while somebody looks. */
const subscribe = (listener: () => void) => {
	listeners.add(listener);
	timer ??= setInterval(() => {
		if (document.hidden) return;
		now = Date.now();
		for (const each of listeners) each();
	}, TICK_MS);
	return () => {
		listeners.delete(listener);
		if (listeners.size > 0) return;
		clearInterval(timer);
		timer = undefined;
	};
};

const useNow = (): number => useSyncExternalStore(subscribe, () => now);

/** `5 min ago`; hovering or a screen reader gets the exact time with its zone. */
export const RelativeTime = ({ at }: { at: string }) => {
	useNow();
	const time = new Date(at);
	return (
		<time dateTime={at} title={formatExact(time)}>
			{formatRelative(time, new Date())}
		</time>
	);
};

/** How long it took, or has taken until now. */
export const Duration = ({ from, until }: { from: string; until: string | null }) => {
	useNow();
	const end = until === null ? Date.now() : new Date(until).getTime();
	return <>{formatDuration(Math.max(0, end - new Date(from).getTime()))}</>;
};
