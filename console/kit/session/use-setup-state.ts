import { useEffect, useState } from 'react';
import { isSetupNeeded } from '../../../shared/client/session.ts';
import { http } from '../remote/api.ts';

/** asking: not known yet · needed: nobody has an account · over: somebody has · unknown: the server did not answer */
type SetupState = 'asking' | 'needed' | 'over' | 'unknown';

/** Whether the first administrator is still to be made. */
export const useSetupState = (): SetupState => {
	const [state, setState] = useState<SetupState>('asking');
	useEffect(() => {
		const asking = new AbortController();
		const learn = (learnt: SetupState) => asking.signal.aborted || setState(learnt);
		isSetupNeeded(http, { signal: asking.signal }).then(
			(needed) => learn(needed ? 'needed' : 'over'),
			() => learn('unknown'),
		);
		return () => asking.abort();
	}, []);
	return state;
};
