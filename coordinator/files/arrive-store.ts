import type { Database } from 'better-sqlite3';
import { prepareTellPlaced } from './placed-store.ts';
import { prepareUnsettled } from './unsettled-store.ts';

/** A version that has come to a name by a move or a copy. */
type Arrived = Parameters<ReturnType<typeof prepareUnsettled>['arrive']>[0] & { version: number };

/** Either it waits until its client is done with the name, or triggers hear of it, inside somebody's transaction. */
export const prepareArrive = (db: Database): ((arrived: Arrived) => void) => {
	const unsettled = prepareUnsettled(db);
	const tell = prepareTellPlaced(db);
	return (arrived) => {
		const event = unsettled.arrive(arrived);
		if (event !== null) tell.file({ ...arrived, event });
	};
};
