import { useQuery } from '@tanstack/react-query';
import { listSecrets } from '../../../shared/client/secrets.ts';
import { http } from '../../kit/remote/api.ts';
import { keys } from '../remote/keys.ts';

/** The person’s own secrets, by name; never what they are. */
export const useSecrets = (isWanted = true) =>
	useQuery({
		queryKey: keys.secrets,
		queryFn: ({ signal }) => listSecrets(http, { signal }),
		enabled: isWanted,
		// Nothing tells live of secrets.
		refetchOnWindowFocus: true,
	});
