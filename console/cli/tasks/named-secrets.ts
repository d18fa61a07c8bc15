import type { HttpClient } from '../../../shared/client/http-client.ts';
import { usageError } from '../failure.ts';
import { requireSecret } from '../remote/find-secret.ts';

/** `bearerToken=x-token` as a task names it: by the secret’s id. Null when none are given. */
export const namedSecrets = async (
	http: HttpClient,
	pairs: readonly string[],
	signal: AbortSignal,
): Promise<Record<string, string> | null> => {
	if (pairs.length === 0) return null;
	const secrets: Record<string, string> = {};
	for (const pair of pairs) {
		const at = pair.indexOf('=');
		if (at < 1 || at === pair.length - 1)
			throw usageError(`--secret ${pair}: write SLOT=NAME, such as bearerToken=x-token.`);
		secrets[pair.slice(0, at)] = (await requireSecret(http, pair.slice(at + 1), signal)).id;
	}
	return secrets;
};
