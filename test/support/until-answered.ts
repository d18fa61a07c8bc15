import type { Api } from './api.ts';
import type { History } from './history.ts';
import { waitFor } from './wait-for.ts';

/** Says a request again, as an honest client does, until it is answered or taken; throws when it is refused for good. */
export const untilAnswered = async <T>(
	api: Api,
	history: History,
	act: () => Promise<T | null>,
	withinMs = 60_000,
): Promise<T> => {
	for (;;) {
		const answer = await act();
		if (answer !== null) return answer;
		const last = history.entries.at(-1);
		if (last?.outcome === 'refused' && !/: (50\d|429) /.test(last.detail ?? '')) throw new Error(last.detail);
		await waitFor('the coordinator to answer', async () => (await api.raw('GET', '/readyz')).status === 200, {
			withinMs,
		});
	}
};
