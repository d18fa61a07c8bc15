import { everyonesPage } from '../things/everyones-page.ts';

/** Everybody's datasets, for those who oversee them. */
export const listEveryonesDatasets = everyonesPage('datasets.list-everyones', {
	name: 't.name',
	state: `CASE WHEN t.state = 'retired' THEN 'retired' WHEN t.state = 'failed' OR t.missing_since IS NOT NULL
	        THEN 'trouble' ELSE 'on' END`,
	columns: `format('files: %d', t.files) AS about,
	          coalesce(t.reason, iif(t.missing_since IS NULL, NULL, 'Its directory is missing')) AS reason,
	          t.updated_at AS lastAt, t.state || ', version ' || t.version AS lastOutcome, NULL AS nextAt`,
	from: 'datasets t',
});
