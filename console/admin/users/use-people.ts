import { useQuery } from '@tanstack/react-query';
import { readUsageCut, type UsageFilter } from '../../../shared/client/usage.ts';
import { listUsers, type UserFilter } from '../../../shared/client/users.ts';
import { ROLES, USER_STATES } from '../../../shared/protocol/account.ts';
import { currentMonth, periodOfMonth } from '../../kit/month.ts';
import { http } from '../../kit/remote/api.ts';
import { usePages } from '../../kit/remote/use-pages.ts';
import { useSearchParam } from '../../kit/shell/use-search-param.ts';
import { keys } from '../remote/keys.ts';

const PAGE = 500;
const MOST_PEOPLE = 10_000;
const EVERY_MS = 60_000;

/** The filter of the address; what cannot be is left out. */
export const usePeopleFilter = () => {
	const [name, setName] = useSearchParam('name');
	const [role, setRole] = useSearchParam('role');
	const [serviceClass, setClass] = useSearchParam('class');
	const [state, setState] = useSearchParam('state');
	const knownRole = ROLES.find((one) => one === role);
	const knownState = USER_STATES.find((one) => one === state);
	const filter: UserFilter = {
		...(name === '' ? {} : { name: name.slice(0, 64) }),
		...(knownRole === undefined ? {} : { role: knownRole }),
		...(serviceClass === '' ? {} : { class: serviceClass }),
		...(knownState === undefined ? {} : { state: knownState }),
	};
	return { filter, name, setName, role, setRole, serviceClass, setClass, state, setState };
};

export const usePeople = (filter: UserFilter) =>
	usePages(keys.peopleList(filter), PAGE, (page, signal) => listUsers(http, { ...page, ...filter }, { signal }));

/** What each person has used this month, by id: of the same query as the page of usage shows. */
export const useMonthByPerson = () => {
	const filter: UsageFilter = { ...periodOfMonth(currentMonth()), by: 'owner', limit: MOST_PEOPLE };
	return useQuery({
		queryKey: keys.usageCut(filter),
		queryFn: ({ signal }) => readUsageCut(http, filter, { signal }),
		refetchInterval: EVERY_MS,
	});
};
