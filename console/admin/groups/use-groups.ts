import { useQuery } from '@tanstack/react-query';
import { addGroupMember, listGroupMembers, listGroups, readGroup } from '../../../shared/client/groups.ts';
import { eachItem } from '../../../shared/client/page.ts';
import type { GroupView } from '../../../shared/protocol/group.ts';
import { http } from '../../kit/remote/api.ts';
import { usePages } from '../../kit/remote/use-pages.ts';
import { idOfPerson } from '../people/look-up-people.ts';
import { keys } from '../remote/keys.ts';

const REREAD_MS = 15_000;
const MEMBERS_A_PAGE = 100;
const PAGE = 1_000;

/** All of them, for they lie in each other; the server has 1,000 at the most. */
export const useGroups = () =>
	useQuery({
		queryKey: [...keys.groups, 'list'],
		async queryFn({ signal }) {
			const groups: GroupView[] = [];
			const pages = (cursor?: string) =>
				listGroups(http, { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) }, { signal });
			for await (const group of eachItem(pages)) groups.push(group);
			return groups;
		},
		refetchInterval: REREAD_MS,
	});

/** One, with what counts for its people and what does not. */
export const useGroup = (id: string) =>
	useQuery({
		queryKey: [...keys.groups, 'one', id],
		queryFn: ({ signal }) => readGroup(http, id, { signal }),
		refetchInterval: REREAD_MS,
	});

export const useMembers = (group: string) =>
	usePages([...keys.groups, 'members', group], MEMBERS_A_PAGE, (page, signal) =>
		listGroupMembers(http, group, page, { signal }),
	);

/** Puts everybody of these names in; answers how many, and the names that nobody has. */
export const addByName = async (
	group: string,
	names: readonly string[],
): Promise<{ added: number; unknown: string[] }> => {
	const unknown: string[] = [];
	for (const name of names) {
		const id = await idOfPerson(name);
		if (id === null) unknown.push(name);
		else await addGroupMember(http, group, id);
	}
	return { added: names.length - unknown.length, unknown };
};
