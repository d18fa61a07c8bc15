import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { readMe, signOut as sendSignOut } from '../../../shared/client/session.ts';
import { CodedError } from '../../../shared/coded-error.ts';
import type { Me } from '../../../shared/protocol/account.ts';
import { http } from '../remote/api.ts';
import { ME_KEY } from '../remote/me-key.ts';
import { queryClient, whenMustEnrol, whenSignedOut } from '../remote/query-client.ts';
import { markSignedIn, mayBeSignedIn } from './signed-in-mark.ts';

/** asking: not known yet · unknown: the server did not answer · in · out: `why` tells when it was not by own will */
export type SessionState =
	| { kind: 'asking' }
	| { kind: 'unknown'; error: unknown }
	| { kind: 'in'; me: Me }
	| { kind: 'out'; why: 'ended' | null };

interface Session {
	state: SessionState;
	ask(): void;
	enter(me: Me): void;
	signOut(): Promise<void>;
	/** The server said that the session is over. */
	end(): void;
}

const SessionContext = createContext<Session | null>(null);

/** Who is signed in. What was read for one person is forgotten before another sees the screen. */
export const SessionProvider = ({ children }: { children: ReactNode }) => {
	const [state, setState] = useState<SessionState>({ kind: 'asking' });

	const ask = useCallback(() => {
		setState({ kind: 'asking' });
		readMe(http).then(
			(me) => setState({ kind: 'in', me }),
			(error: unknown) => {
				const out = error instanceof CodedError && error.code === 'unauthenticated';
				setState(out ? { kind: 'out', why: null } : { kind: 'unknown', error });
			},
		);
	}, []);
	const end = useCallback(() => {
		setState((before) => {
			if (before.kind !== 'in') return before;
			queryClient.clear();
			return { kind: 'out', why: 'ended' };
		});
	}, []);
	const session = useMemo<Session>(
		() => ({
			state,
			ask,
			end,
			enter: (me) => {
				queryClient.clear();
				queryClient.setQueryData(ME_KEY, me);
				setState({ kind: 'in', me });
			},
			signOut: async () => {
				await sendSignOut(http);
				queryClient.clear();
				setState({ kind: 'out', why: null });
			},
		}),
		[state, ask, end],
	);
	useEffect(() => {
		whenSignedOut(end);
		whenMustEnrol(ask);
		if (mayBeSignedIn()) ask();
		else setState({ kind: 'out', why: null });
	}, [ask, end]);
	useEffect(() => {
		if (state.kind === 'in' || state.kind === 'out') markSignedIn(state.kind === 'in');
	}, [state.kind]);
	return <SessionContext value={session}>{children}</SessionContext>;
};

export const useSession = (): Session => {
	const session = useContext(SessionContext);
	if (session === null) throw new Error('no SessionProvider above');
	return session;
};

/** Who is signed in; only below the pages that need it. */
export const useMe = (): Me => {
	const { state } = useSession();
	if (state.kind !== 'in') throw new Error('nobody is signed in here');
	return state.me;
};
