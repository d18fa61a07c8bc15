import { useCallback, useEffect, useState } from 'react';
import { useSearchParams } from 'react-router';
import { addressOf, type Draft, draftOf } from './draft.ts';

const SETTLED_MS = 250;

const currentPath = (): string => window.location.pathname;

/** What was chosen so far. The address follows a moment later: neither a radio nor typing waits for it. */
export const useDraft = (): [Draft, (parts: Partial<Draft>) => void] => {
	const [params, setParams] = useSearchParams();
	const [draft, setDraft] = useState(() => draftOf(params));
	const [path] = useState(currentPath);
	const change = useCallback((parts: Partial<Draft>) => setDraft((before) => ({ ...before, ...parts })), []);
	useEffect(() => {
		const after = addressOf(draft, params);
		if (after.toString() === params.toString()) return;
		const timer = setTimeout(() => {
			// Who has gone on, to a page that is still loading, is not taken back here.
			if (currentPath() === path) setParams(after, { replace: true });
		}, SETTLED_MS);
		return () => clearTimeout(timer);
	}, [draft, params, path, setParams]);
	return [draft, change];
};
