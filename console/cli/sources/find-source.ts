import type { HttpClient } from '../../../shared/client/http-client.ts';
import { eachItem } from '../../../shared/client/page.ts';
import { listSources, readSource } from '../../../shared/client/sources.ts';
import { CodedError } from '../../../shared/coded-error.ts';
import { nameKey } from '../../../shared/name-key.ts';
import type { SourceView } from '../../../shared/protocol/source.ts';

/** One's own by name, anybody's by id. Throws `not-found`. */
export const findSource = async (http: HttpClient, named: string, signal: AbortSignal): Promise<SourceView> => {
	if (/^src_[0-9a-z]{26}$/.test(named)) return readSource(http, named, { signal });
	const pages = (cursor?: string) => listSources(http, cursor === undefined ? {} : { cursor }, { signal });
	for await (const source of eachItem(pages)) if (nameKey(source.name) === nameKey(named)) return source;
	throw new CodedError('not-found', `You have no source ${named}; see: millrace sources list`);
};
