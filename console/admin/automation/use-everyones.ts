import { listEveryones } from '../../../shared/client/everyones-things.ts';
import type { EveryonesKind, ThingState } from '../../../shared/protocol/everyones-thing.ts';
import { http } from '../../kit/remote/api.ts';
import { usePages } from '../../kit/remote/use-pages.ts';
import { keys } from '../remote/keys.ts';

const PAGE = 200;
/** Live updates tell of one's own things only. */
const REREAD_MS = 15_000;

/** Everybody's things of a kind that fit, newest first, page after page. */
export const useEveryones = (kind: EveryonesKind, filter: { text: string; state: ThingState | '' }) =>
	usePages(
		keys.everyones(kind, filter.text, filter.state),
		PAGE,
		(page, signal) => {
			const asked = {
				...page,
				...(filter.text === '' ? {} : { text: filter.text }),
				...(filter.state === '' ? {} : { state: filter.state }),
			};
			return listEveryones(http, kind, asked, { signal });
		},
		{ refetchInterval: REREAD_MS },
	);
