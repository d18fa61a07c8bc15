import { useCallback, useEffect, useState } from 'react';
import { useSearchParams } from 'react-router';
import { addressOf, type Draft, draftOf } from './draft.ts';

const SETTLED_MS = 250;

/** What was chosen so far. The address follows a moment later: neither a radio nor typing waits for it. */
export const useDraft = (): [Draft, (parts: Partial<Draft>) => void] => {
	const [params, setParams] = useSearchParams();
	const [draft, setDraft] = useState(() => draftOf(params));
	const change = useCallback((parts: Partial<Draft>) => setDraft((before) => ({ ...before, ...parts })), []);
	useEffect(() => {
		const after = addressOf(draft, params);
		if (after.toString() === params.toString()) return;
		const timer = setTimeout(() => setParams(after, { replace: true }), SETTLED_MS);
		return () => clearTimeout(timer);
	}, [draft, params, setParams]);
	return [draft, change];
};
