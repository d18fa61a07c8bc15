import type { HttpClient } from '../../../shared/client/http-client.ts';
import { listSecrets } from '../../../shared/client/secrets.ts';
import { CodedError } from '../../../shared/coded-error.ts';
import { nameKey } from '../../../shared/name-key.ts';
import type { SecretView } from '../../../shared/protocol/secret.ts';

/** The secret of that name or id, if there is one. */
export const findSecret = async (
	http: HttpClient,
	named: string,
	signal: AbortSignal,
): Promise<SecretView | undefined> => {
	const { items } = await listSecrets(http, { signal });
	return items.find(({ id, name }) => id === named || nameKey(name) === nameKey(named));
};

/** Throws `not-found` when there is none. */
export const requireSecret = async (http: HttpClient, named: string, signal: AbortSignal): Promise<SecretView> => {
	const secret = await findSecret(http, named, signal);
	if (!secret) throw new CodedError('not-found', `There is no secret ${named}; see: millrace secrets list`);
	return secret;
};
