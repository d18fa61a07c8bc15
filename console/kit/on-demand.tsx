import { type ReactNode, Suspense, useEffect, useRef, useState } from 'react';

interface OnDemandProps {
	wanted: boolean;
	/** Gets whether to be open: false at first, so that what opens can remember where the focus was. */
	children(opened: boolean): ReactNode;
}

/** What is loaded when it is first wanted, and stays from then on: dialogs and drawers, which then can also fade out. */
export const OnDemand = ({ wanted, children }: OnDemandProps) => {
	const wasWanted = useRef(false);
	const [isThere, setThere] = useState(false);
	if (wanted) wasWanted.current = true;
	if (!wasWanted.current) return null;
	return (
		<Suspense fallback={null}>
			<Loaded tell={setThere} />
			{children(wanted && isThere)}
		</Suspense>
	);
};

/** Tells when what is beside it in its Suspense has been loaded. */
const Loaded = ({ tell }: { tell(isThere: boolean): void }) => {
	useEffect(() => tell(true), [tell]);
	return null;
};
