import { type QueryKey, useMutation } from '@tanstack/react-query';
import { notifyDone, notifyError } from '../notify.tsx';
import { errorText } from './error-text.ts';
import { queryClient } from './query-client.ts';

interface ActOptions<A, T> {
	act(args: A): Promise<T>;
	/** Read again afterwards, however it ended. */
	key: QueryKey;
	/** What is said when it is done; nothing where the page shows it. */
	done?: string | ((answer: T) => string);
	/** Such as `The job was not paused`. */
	failed: string;
	onDone?(answer: T): void;
}

/** An act on a thing: said when it is done or was not, and what is shown is read again. */
export const useAct = <A = void, T = unknown>({ act, key, done, failed, onDone }: ActOptions<A, T>) =>
	useMutation({
		mutationFn: act,
		onSuccess: (answer) => {
			const words = typeof done === 'function' ? done(answer) : done;
			if (words !== undefined) notifyDone(words);
			onDone?.(answer);
		},
		onError: (error) => notifyError(failed, errorText(error)),
		onSettled: () => queryClient.invalidateQueries({ queryKey: key }),
	});
