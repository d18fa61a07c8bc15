import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { listAudit, readAuditEntry } from '../../../shared/client/audit.ts';
import { http } from '../../kit/remote/api.ts';
import { usePages } from '../../kit/remote/use-pages.ts';
import { idOfPerson } from '../people/look-up-people.ts';
import { keys } from '../remote/keys.ts';
import { type AuditFilter, FILTER_NAMES, queryOf } from './filter.ts';

const AT_ONCE = 100;
const SETTLED_MS = 350;

/** An id, or one of the words that stand for nobody. */
const isActor = (who: string): boolean => /^(usr|nod)_/.test(who) || who === 'system' || who === 'unknown';

/** Who is meant, by id: people are looked up by their names. A name that nobody has fits nothing, as an id that nobody has. */
const actorOf = async (who: string): Promise<string> =>
	who === '' || isActor(who) ? who : ((await idOfPerson(who)) ?? who);

export const auditQuery = async (filter: AuditFilter) => queryOf(filter, await actorOf(filter.who), Date.now());

/** The filter that the address has, and how it is changed. */
export const useAuditFilter = () => {
	const [params, setParams] = useSearchParams();
	const filter = useMemo(
		() => Object.fromEntries(FILTER_NAMES.map((name) => [name, params.get(name) ?? ''])) as unknown as AuditFilter,
		[params],
	);
	const change = (parts: Partial<AuditFilter> & { entry?: string }): void =>
		setParams(
			(before) => {
				const after = new URLSearchParams(before);
				for (const [name, value] of Object.entries(parts)) {
					if (value === '') after.delete(name);
					else after.set(name, value);
				}
				return after;
			},
			{ replace: true },
		);
	const clear = (): void => change(Object.fromEntries(FILTER_NAMES.map((name) => [name, ''])));
	return { filter, change, clear };
};

/** The entries that fit, page by page; it is asked when typing has paused. */
export const useAuditEntries = (filter: AuditFilter) => {
	const text = JSON.stringify(filter);
	const [settled] = useDebouncedValue(text, SETTLED_MS);
	return usePages(keys.audit(settled), AT_ONCE, async (page, signal) => {
		const query = await auditQuery(JSON.parse(settled) as AuditFilter);
		return listAudit(http, { ...query, ...page }, { signal });
	});
};

export const useAuditEntry = (seq: number | null) =>
	useQuery({
		queryKey: keys.auditEntry(seq ?? 0),
		queryFn: ({ signal }) => readAuditEntry(http, seq ?? 0, { signal }),
		enabled: seq !== null,
		staleTime: Number.POSITIVE_INFINITY,
	});
