import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { eachItem } from '../../../shared/client/page.ts';
import { listUsers, readUser } from '../../../shared/client/users.ts';
import { nameKey } from '../../../shared/name-key.ts';
import { http } from '../../kit/remote/api.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import { keys } from '../remote/keys.ts';

const PAGE = 1_000;
const SHOWN = 20;
const LONGEST = 64;
const PATIENCE_MS = 150;
const KNOWN_FOR_MS = 60_000;

/** Of those in whose name it stands, the one whose whole name it is. */
const find = async (name: string, signal: AbortSignal): Promise<string | null> => {
	const pages = (cursor?: string) =>
		listUsers(http, { name, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) }, { signal });
	for await (const { id, username } of eachItem(pages)) if (nameKey(username) === nameKey(name)) return id;
	return null;
};

/** The id of who is called so; null: nobody is. */
export const idOfPerson = async (name: string): Promise<string | null> =>
	name.length > LONGEST
		? null
		: queryClient.fetchQuery({
				queryKey: keys.personCalled(nameKey(name)),
				queryFn: ({ signal }) => find(name, signal),
				// Who is not there now may be invited the next moment.
				staleTime: ({ state }) => (state.data === null ? 0 : KNOWN_FOR_MS),
			});

/** Some in whose names a text stands, and the one who is chosen: names by ids. The server looks, for there may be very many. */
export const usePeopleFound = (text: string, chosen: string | null): ReadonlyMap<string, string> => {
	const [name] = useDebouncedValue(text.trim().slice(0, LONGEST), PATIENCE_MS);
	const found = useQuery({
		queryKey: keys.peopleFound(name),
		queryFn: ({ signal }) => listUsers(http, { limit: SHOWN, ...(name === '' ? {} : { name }) }, { signal }),
		placeholderData: keepPreviousData,
	});
	const { data } = useQuery({
		queryKey: keys.person(chosen ?? ''),
		queryFn: ({ signal }) => readUser(http, chosen ?? '', { signal }),
		enabled: chosen !== null,
	});
	const people = new Map(found.data?.items.map(({ id, username }) => [id, username]));
	if (data) people.set(data.id, data.username);
	return people;
};
