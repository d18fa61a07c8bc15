import { useEffect, useState } from 'react';
import type { AgentView, Desktop } from '../../bridge.ts';

/** The agent on this machine, as it is now; null until that is known. */
export const useAgent = (desktop: Desktop): AgentView | null => {
	const [view, setView] = useState<AgentView | null>(null);
	useEffect(() => {
		let isGone = false;
		const stop = desktop.onAgent(setView);
		desktop.readAgent().then(
			(read) => isGone || setView((told) => told ?? read),
			() => {},
		);
		return () => {
			isGone = true;
			stop();
		};
	}, [desktop]);
	return view;
};
