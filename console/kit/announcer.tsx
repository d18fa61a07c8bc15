import { useSyncExternalStore } from 'react';

type Manner = 'polite' | 'assertive';
const said: Record<Manner, string> = { polite: '', assertive: '' };
const listeners = new Set<() => void>();

/** Tells screen readers something that only the eyes would notice. */
export const announce = (text: string, manner: Manner = 'polite'): void => {
	// A region that does not change is not read again: an invisible mark makes the repeat a change.
	said[manner] = said[manner] === text ? `${text}\u00a0` : text;
	for (const listener of listeners) listener();
};

const subscribe = (listener: () => void) => {
	listeners.add(listener);
	return () => listeners.delete(listener);
};

/** Where announcements are spoken; once in a page. */
export const Announcer = () => {
	const polite = useSyncExternalStore(subscribe, () => said.polite);
	const assertive = useSyncExternalStore(subscribe, () => said.assertive);
	return (
		<>
			<div role="status" aria-live="polite" className="millrace-off-screen">
				{polite}
			</div>
			<div role="alert" aria-live="assertive" className="millrace-off-screen">
				{assertive}
			</div>
		</>
	);
};
