import { readOperation } from '../database/operation.ts';

/** What something is called that entries tell of. */
export interface AuditName {
	name: string;
	/** It is not there any more: so it was called when that was recorded. */
	isGone: boolean;
}

/** Of these each has its name in its own table, and in what was recorded when it was made or removed. */
const NAMED: Readonly<Record<string, string>> = {
	...{ grp_: 'groups', rcp_: 'recipes', sch_: 'schedules', src_: 'sources', dts_: 'datasets', whk_: 'webhooks' },
	...{ tok_: 'credentials', app_: 'credentials' },
};

/** The owner of a budget, in the words of `budgetOwnerWords`. */
const OWNER = (person: string, group: string, serviceClass: string): string =>
	`coalesce((SELECT username FROM users WHERE ${person}), 'the group ' || (SELECT name FROM groups WHERE ${group}),
	  'the service class ' || ${serviceClass})`;

/** What was recorded of it last, in what has been done. */
const recorded = (field: string): string =>
	`(SELECT l.detail ->> '$.${field}' FROM audit_log l INDEXED BY audit_by_object
	  WHERE l.object = asked.id AND l.outcome = 'done' AND l.detail ->> '$.${field}' IS NOT NULL ORDER BY l.seq DESC LIMIT 1)`;

const caseOf = (names: Readonly<Record<string, string>>): string =>
	`CASE substr(asked.id, 1, 4) ${Object.entries(names)
		.map(([prefix, sql]) => `WHEN '${prefix}' THEN ${sql}`)
		.join(' ')} END`;

const NOW = caseOf({
	usr_: '(SELECT username FROM users WHERE id = asked.id)',
	nod_: '(SELECT name FROM nodes WHERE id = asked.id)',
	ntk_: `(SELECT '…' || ending FROM node_tokens WHERE id = asked.id)`,
	bud_: `(SELECT ${OWNER('seq = b.user_seq', 'seq = b.group_seq', 'b.service_class')} FROM budgets b WHERE b.id = asked.id)`,
	...Object.fromEntries(
		Object.entries(NAMED).map(([prefix, table]) => [prefix, `(SELECT name FROM ${table} WHERE id = asked.id)`]),
	),
});

/** People are called nothing once they are gone: what is left of them in the log is their id. */
const ONCE = caseOf({
	ntk_: `'…' || ${recorded('ending')}`,
	bud_: `(SELECT ${OWNER('id = o.owner', 'id = o.owner', `iif(substr(o.owner, 1, 4) IN ('usr_', 'grp_'), NULL, o.owner)`)}
	        FROM (SELECT ${recorded('for')} AS owner) o)`,
	...Object.fromEntries(Object.keys(NAMED).map((prefix) => [prefix, recorded('name')])),
});

/**
 * What people, nodes, budgets, tokens and the like of these ids are called now, and else what was recorded of them. The log
 * itself has ids, which are all that a person's deletion leaves.
 */
export const readAuditNames = readOperation('audit.read-names', (db) => {
	const select = db.prepare(
		`WITH asked (id) AS MATERIALIZED (SELECT DISTINCT value FROM json_each(?)),
		  now (id, name) AS MATERIALIZED (SELECT id, ${NOW} FROM asked)
		 SELECT asked.id, coalesce(now.name, ${ONCE}) AS name, now.name IS NULL AS isGone
		 FROM asked JOIN now USING (id)`,
	);
	return (ids: readonly string[]): [id: string, name: AuditName][] =>
		(select.all(JSON.stringify(ids)) as { id: string; name: string | null; isGone: 0 | 1 }[]).flatMap(
			({ id, name, isGone }) => (name === null ? [] : [[id, { name, isGone: isGone === 1 }]]),
		);
});
