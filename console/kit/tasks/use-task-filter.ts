import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { type FilterField, filterOfUrl } from './task-filter.ts';

/** The filter that the address has. `search` is what of the address it is read from: another one is another list. */
export const useTaskFilter = (fields: readonly FilterField[]) => {
	const [params, setParams] = useSearchParams();
	const search = String(new URLSearchParams([...params].filter(([name]) => fields.some((field) => field === name))));
	const filter = useMemo(() => filterOfUrl(fields, new URLSearchParams(search)), [fields, search]);
	return { filter, search, clear: () => setParams({}) };
};
