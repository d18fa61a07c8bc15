import type { Api } from './api.ts';
import { waitFor } from './wait-for.ts';

/** Waits until none of the person's tasks is open: for many tasks, of which live updates tell only that some changed. */
export const allOver = async (api: Api, withinMs = 60_000): Promise<void> => {
	let open: unknown[] = [];
	await waitFor(
		'every task to be over',
		async () => {
			const { items } = await api.get<{ items: { id: string; state: string }[] }>('/tasks?state=open&limit=5');
			open = items.map(({ id, state }) => `${id} ${state}`);
			return items.length === 0;
		},
		{ withinMs, lastSeen: () => open },
	);
};

/** How many of the person's tasks are in each state, by walking the whole list. */
export const countStates = async (api: Api): Promise<Record<string, number>> => {
	const counts: Record<string, number> = {};
	let cursor: string | null = null;
	do {
		const page: { items: { state: string }[]; nextCursor: string | null } = await api.get(
			`/tasks?limit=1000${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
		);
		for (const { state } of page.items) counts[state] = (counts[state] ?? 0) + 1;
		cursor = page.nextCursor;
	} while (cursor !== null);
	return counts;
};
