import { useQuery } from '@tanstack/react-query';
import {
	listServiceClasses,
	listServiceClassVersions,
	readServiceClass,
} from '../../../shared/client/service-classes.ts';
import { readUsageCut } from '../../../shared/client/usage.ts';
import { http } from '../../kit/remote/api.ts';
import { usePages } from '../../kit/remote/use-pages.ts';
import { keys } from '../remote/keys.ts';

const REREAD_MS = 10_000;
const USAGE_MS = 60_000;
const DAY_MS = 86_400_000;
const VERSIONS_A_PAGE = 20;

export const useClasses = () =>
	useQuery({
		queryKey: [...keys.classes, 'list'],
		queryFn: ({ signal }) => listServiceClasses(http, { signal }),
		refetchInterval: REREAD_MS,
	});

export const useClass = (name: string) =>
	useQuery({
		queryKey: [...keys.classes, 'one', name],
		queryFn: ({ signal }) => readServiceClass(http, name, { signal }),
		refetchInterval: REREAD_MS,
	});

export const useClassVersions = (name: string) =>
	usePages([...keys.classes, 'versions', name], VERSIONS_A_PAGE, (page, signal) =>
		listServiceClassVersions(http, name, page, { signal }),
	);

/** By class, its part of the time in slots within the last 24 hours; whoever may not see what others use sees none. */
export const useClassShares = () =>
	useQuery({
		queryKey: [...keys.classes, 'usage'],
		async queryFn({ signal }) {
			const from = new Date(Date.now() - DAY_MS).toISOString();
			const { total, items } = await readUsageCut(http, { by: 'class', from, limit: 1_000 }, { signal });
			return new Map(items.map(({ key, wallMs }) => [key ?? '', total.wallMs === 0 ? 0 : wallMs / total.wallMs]));
		},
		refetchInterval: USAGE_MS,
	});
