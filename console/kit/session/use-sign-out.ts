import { useMutation } from '@tanstack/react-query';
import { notifyError } from '../notify.tsx';
import { errorText } from '../remote/error-text.ts';
import { useSession } from './session.tsx';

/** Signs out; says so where that fails, since one is still signed in then. */
export const useSignOut = () => {
	const { signOut } = useSession();
	return useMutation({
		mutationFn: signOut,
		onError: (error) => notifyError('Signing out failed', errorText(error)),
	});
};
