import { everyonesPage } from '../things/everyones-page.ts';

/** Everybody's recipes, for those who oversee them. */
export const listEveryonesRecipes = everyonesPage('recipes.list-everyones', {
	name: 't.name',
	state: `'on'`,
	columns: `format('steps: %d, triggers: %d', json_array_length(t.body, '$.steps'),
	            (SELECT count(*) FROM triggers WHERE recipe_seq = t.seq)) AS about, NULL AS reason,
	          t.updated_at AS lastAt, 'version ' || t.version AS lastOutcome, NULL AS nextAt`,
	from: 'recipes t',
});

const LAST_FIRING = `(SELECT max(seq) FROM trigger_firings WHERE trigger_seq = t.seq)`;

/** Everybody's triggers, by their recipes and folders. */
export const listEveryonesTriggers = everyonesPage('recipes.list-everyones-triggers', {
	name: `r.name || ' at ' || t.folder`,
	state: `iif(t.enabled, 'on', 'off')`,
	columns: `t.folder AS about, NULL AS reason, f.at AS lastAt, f.state || coalesce(': ' || f.reason, '') AS lastOutcome,
	          NULL AS nextAt`,
	from: `triggers t JOIN recipes r ON r.seq = t.recipe_seq LEFT JOIN trigger_firings f ON f.seq = ${LAST_FIRING}`,
});
