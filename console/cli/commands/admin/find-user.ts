import type { HttpClient } from '../../../../shared/client/http-client.ts';
import { eachItem } from '../../../../shared/client/page.ts';
import { listUsers } from '../../../../shared/client/users.ts';
import { CodedError } from '../../../../shared/coded-error.ts';
import { idSchema } from '../../../../shared/protocol/ids.ts';

/** The id of somebody who is named by id or by name. */
export const findUserId = async (http: HttpClient, named: string, signal: AbortSignal): Promise<string> => {
	if (idSchema('user').safeParse(named).success) return named;
	const pages = (cursor?: string) =>
		listUsers(http, { limit: 1_000, ...(cursor === undefined ? {} : { cursor }) }, { signal });
	const key = named.normalize('NFKC').toLowerCase();
	try {
		for await (const { id, username } of eachItem(pages)) {
			if (username.normalize('NFKC').toLowerCase() === key) return id;
		}
	} catch (error) {
		if (!(error instanceof CodedError) || error.code !== 'forbidden') throw error;
		// Operators steer people's tasks, and yet are not shown who there is.
		throw new CodedError(
			'forbidden',
			`Only administrators find people by name. Name ${named} by id (usr_…), or ask an administrator.`,
		);
	}
	throw new CodedError('not-found', `There is no user ${named}.`);
};
