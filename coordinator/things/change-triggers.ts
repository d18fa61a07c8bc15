import type { ThingKind } from '../../shared/protocol/live-updates.ts';

/**
 * What has changed and was not told yet: a thing once for each that may read it, however often it changes. 0 is no
 * person, no group; of everybody both are 0. It lives in the memory of the writer's connection and takes part in its
 * transactions: what is undone was never noted, and what is read from it is committed.
 */
const TABLE = `CREATE TEMP TABLE changed_things (
  what TEXT NOT NULL, id TEXT NOT NULL, person INTEGER NOT NULL, of_group INTEGER NOT NULL, version INTEGER NOT NULL,
  gone INTEGER NOT NULL, PRIMARY KEY (what, id, person, of_group)
) STRICT, WITHOUT ROWID;`;

type Row = 'OLD' | 'NEW';
type Event = 'INSERT' | 'UPDATE' | 'DELETE';

interface Trigger {
	name: string;
	sql: string;
}

/** `rows`: SELECT of id, person, group, version, gone. */
const trigger = (what: ThingKind, on: { event: Event; table: string; when?: string }, rows: string): Trigger => {
	const name = `tell_${what}_by_${on.table}_${on.event.toLowerCase()}`;
	return {
		name,
		sql: `CREATE TEMP TRIGGER ${name} AFTER ${on.event} ON main.${on.table} ${on.when ? `WHEN ${on.when}` : ''} BEGIN
  INSERT INTO changed_things (what, id, person, of_group, version, gone)
  SELECT '${what}', * FROM (${rows}) WHERE true
  ON CONFLICT DO UPDATE SET version = excluded.version, gone = excluded.gone;
END;`,
	};
};

/** Rows that are things, each of one person's. */
const things = (what: ThingKind, table: string, version: (row: Row) => string): Trigger[] =>
	(['INSERT', 'UPDATE', 'DELETE'] as const).map((event) => {
		const row = event === 'DELETE' ? 'OLD' : 'NEW';
		const rows = `SELECT ${row}.id, ${row}.owner_seq, 0, ${version(row)}, ${event === 'DELETE' ? 1 : 0}`;
		return trigger(what, { event, table }, rows);
	});

/** Rows that belong to a thing: what comes and what changes, not what is forgotten. */
const parts = (what: ThingKind, of: string, table: string, column: string): Trigger[] =>
	(['INSERT', 'UPDATE'] as const).map((event) =>
		trigger(what, { event, table }, `SELECT id, owner_seq, 0, version, 0 FROM ${of} WHERE seq = NEW.${column}`),
	);

const versionOf = (row: Row): string => `${row}.version`;

/** A dataset whose owner is gone is told to -1, who is nobody. */
const DATASET_READERS = `SELECT NEW.id, coalesce(NEW.owner_seq, -1) AS person, 0 AS of_group, NEW.revision, NEW.state = 'retired'
  UNION SELECT NEW.id, user_seq, 0, NEW.revision, NEW.state = 'retired'
    FROM dataset_grants WHERE dataset_seq = NEW.seq AND user_seq IS NOT NULL
  UNION SELECT NEW.id, 0, group_seq, NEW.revision, NEW.state = 'retired'
    FROM dataset_grants WHERE dataset_seq = NEW.seq AND group_seq IS NOT NULL`;

const TRIGGERS: readonly Trigger[] = [
	...things('recipe', 'recipes', versionOf),
	...things('trigger', 'triggers', versionOf),
	...parts('trigger', 'triggers', 'trigger_firings', 'trigger_seq'),
	...things('job', 'jobs', () => '0'),
	...things('schedule', 'schedules', versionOf),
	...parts('schedule', 'schedules', 'schedule_runs', 'schedule_seq'),
	// A run says how its job stands.
	trigger(
		'schedule',
		{ event: 'UPDATE', table: 'jobs', when: 'NEW.schedule_seq IS NOT NULL AND NEW.state <> OLD.state' },
		'SELECT id, owner_seq, 0, version, 0 FROM schedules WHERE seq = NEW.schedule_seq',
	),
	...things('source', 'sources', versionOf),
	...parts('source', 'sources', 'source_runs', 'source_seq'),
	...things('notice', 'notices', () => '0'),
	...things('webhook', 'webhooks', versionOf),
	...parts('webhook', 'webhooks', 'webhook_deliveries', 'webhook_seq'),
	trigger(
		'dataset',
		{ event: 'INSERT', table: 'datasets' },
		`${DATASET_READERS} UNION SELECT NEW.id, 0, 0, NEW.revision, 0 WHERE NEW.everyone`,
	),
	trigger(
		'dataset',
		{ event: 'UPDATE', table: 'datasets' },
		`${DATASET_READERS} UNION SELECT NEW.id, 0, 0, NEW.revision, NEW.state = 'retired' WHERE NEW.everyone OR OLD.everyone`,
	),
	// Who could read it until now may be shown that it is not there any more; who can from now on is told by the dataset.
	trigger(
		'dataset',
		{ event: 'DELETE', table: 'dataset_grants' },
		`SELECT id, coalesce(OLD.user_seq, 0), coalesce(OLD.group_seq, 0), revision, state = 'retired'
     FROM datasets WHERE seq = OLD.dataset_seq`,
	),
];

export const BEGIN_NOTING = [TABLE, ...TRIGGERS.map(({ sql }) => sql)].join('\n');
export const END_NOTING = [...TRIGGERS.map(({ name }) => `DROP TRIGGER ${name};`), 'DROP TABLE changed_things;'].join(
	'\n',
);
