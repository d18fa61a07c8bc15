import { useMutation } from '@tanstack/react-query';
import { notifyDone, notifyError } from '../notify.tsx';
import { errorText } from '../remote/error-text.ts';
import { queryClient } from '../remote/query-client.ts';

/** Ends one of a list (a session, a token) and reads the list again. */
export const useEnding = <T>(options: { key: readonly string[]; done(ended: T): string; end(one: T): Promise<void> }) =>
	useMutation({
		mutationFn: options.end,
		onSuccess: (_, ended) => notifyDone(options.done(ended)),
		onError: (error) => notifyError('That did not work', errorText(error)),
		onSettled: () => queryClient.invalidateQueries({ queryKey: options.key }),
	});
