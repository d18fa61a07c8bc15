import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { CodedError } from '../../../shared/coded-error.ts';

let onSignedOut: () => void = () => {};
let onMustEnrol: () => void = () => {};

/** Called when any answer says that the session is over. */
export const whenSignedOut = (listener: () => void): void => {
	onSignedOut = listener;
};

/** Called when any answer says that a second factor is to be set up before anything else. */
export const whenMustEnrol = (listener: () => void): void => {
	onMustEnrol = listener;
};

const watch = (error: unknown): void => {
	if (!(error instanceof CodedError)) return;
	if (error.code === 'unauthenticated') onSignedOut();
	else if (error.code === 'second-factor-enrolment-required') onMustEnrol();
};

/** The server's state as last heard. The HTTP client repeats what may be repeated; so nothing is retried here. */
export const queryClient = new QueryClient({
	queryCache: new QueryCache({ onError: watch }),
	mutationCache: new MutationCache({ onError: watch }),
	defaultOptions: {
		queries: {
			retry: false,
			staleTime: 15_000,
			gcTime: 5 * 60_000,
			refetchOnWindowFocus: false,
			networkMode: 'always',
		},
		mutations: { retry: false, networkMode: 'always' },
	},
});
