import { everyonesPage } from '../things/everyones-page.ts';

/** Everybody's sources, for those who oversee them. */
export const listEveryonesSources = everyonesPage('sources.list-everyones', {
	name: 't.name',
	// Who stopped it is not kept; the reason tells.
	state: `iif(t.state = 'active', 'on', 'off')`,
	columns: `t.type || ' into ' || d.name AS about, t.reason, t.last_ok_at AS lastAt, NULL AS lastOutcome, NULL AS nextAt`,
	from: 'sources t JOIN datasets d ON d.seq = t.dataset_seq',
});
