import { useQuery } from '@tanstack/react-query';
import { listGroups } from '../../../shared/client/groups.ts';
import { eachItem } from '../../../shared/client/page.ts';
import { listServiceClasses } from '../../../shared/client/service-classes.ts';
import { listPrices } from '../../../shared/client/usage.ts';
import type { GroupView } from '../../../shared/protocol/group.ts';
import { http } from '../../kit/remote/api.ts';
import { keys } from '../remote/keys.ts';

const PAGE = 1_000;

/** Names of service classes, to choose from. */
export const useClassNames = (): readonly string[] =>
	useQuery({
		queryKey: keys.classNames,
		queryFn: async ({ signal }) => (await listServiceClasses(http, { signal })).items.map(({ name }) => name),
	}).data ?? [];

/** Groups, to choose from; there are a thousand at most. */
export const useGroups = (): readonly Pick<GroupView, 'id' | 'name'>[] =>
	useQuery({
		queryKey: keys.groupNames,
		queryFn: async ({ signal }) => {
			const groups: GroupView[] = [];
			const pages = (cursor?: string) =>
				listGroups(http, { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) }, { signal });
			for await (const group of eachItem(pages)) groups.push(group);
			return groups;
		},
	}).data ?? [];

export const usePrices = () =>
	useQuery({ queryKey: keys.prices, queryFn: ({ signal }) => listPrices(http, { signal }) });

/** In which currency amounts are; null: nothing has a price. */
export const useCurrency = (): string | null => usePrices().data?.items[0]?.currency ?? null;
