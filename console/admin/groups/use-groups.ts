import { useQuery } from '@tanstack/react-query';
import { addGroupMember, listGroupMembers, listGroups } from '../../../shared/client/groups.ts';
import { eachItem } from '../../../shared/client/page.ts';
import { listUsers } from '../../../shared/client/users.ts';
import { nameKey } from '../../../shared/name-key.ts';
import type { GroupView } from '../../../shared/protocol/group.ts';
import { http } from '../../kit/remote/api.ts';
import { usePages } from '../../kit/remote/use-pages.ts';
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

export const useMembers = (group: string) =>
	usePages([...keys.groups, 'members', group], MEMBERS_A_PAGE, (page, signal) =>
		listGroupMembers(http, group, page, { signal }),
	);

/** Puts everybody of these names in; answers how many, and the names that nobody has. */
export const addByName = async (
	group: string,
	names: readonly string[],
): Promise<{ added: number; unknown: string[] }> => {
	const wanted = new Map(names.map((name) => [nameKey(name), name]));
	const pages = (cursor?: string) => listUsers(http, { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
	let added = 0;
	for await (const { id, username } of eachItem(pages)) {
		if (!wanted.delete(nameKey(username))) continue;
		await addGroupMember(http, group, id);
		added += 1;
		if (wanted.size === 0) break;
	}
	return { added, unknown: [...wanted.values()] };
};
