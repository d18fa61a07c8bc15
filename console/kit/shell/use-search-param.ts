import { useCallback } from 'react';
import { useSearchParams } from 'react-router';

/** One value of the address’s query; an empty one is left out. Typing does not fill the history. */
export const useSearchParam = (name: string, options: { push?: boolean } = {}): [string, (value: string) => void] => {
	const [params, setParams] = useSearchParams();
	const { push = false } = options;
	const set = useCallback(
		(value: string) =>
			setParams(
				(before) => {
					const after = new URLSearchParams(before);
					if (value === '') after.delete(name);
					else after.set(name, value);
					return after;
				},
				{ replace: !push },
			),
		[name, push, setParams],
	);
	return [params.get(name) ?? '', set];
};

/** Takes several values out of the address at once: one after the other would bring the first ones back. */
export const useForgetSearchParams = (): ((names: readonly string[]) => void) => {
	const [, setParams] = useSearchParams();
	return useCallback(
		(names) =>
			setParams(
				(before) => {
					const after = new URLSearchParams(before);
					for (const name of names) after.delete(name);
					return after;
				},
				{ replace: true },
			),
		[setParams],
	);
};
