import { type ReactNode, Suspense, useRef } from 'react';

/** What is loaded when it is first wanted, and stays from then on: dialogs and drawers, which then can also fade out. */
export const OnDemand = ({ wanted, children }: { wanted: boolean; children: ReactNode }) => {
	const wasWanted = useRef(false);
	if (wanted) wasWanted.current = true;
	return wasWanted.current ? <Suspense fallback={null}>{children}</Suspense> : null;
};
