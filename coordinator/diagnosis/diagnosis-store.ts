import type { Database } from 'better-sqlite3';
import { readOperation } from '../database/operation.ts';

/** Rows of a table are counted up to here. */
const MOST_COUNTED = 100_000;
const MOST_TASKS = 200_000;
const MOST_NODES = 500;
const MOST_NOTICES = 100;
const MOST_BACKUPS = 20;
const PRAGMAS = [
	...['user_version', 'application_id', 'journal_mode', 'synchronous', 'foreign_keys', 'page_size', 'page_count'],
	...['freelist_count', 'cache_size', 'wal_autocheckpoint', 'auto_vacuum', 'encoding', 'busy_timeout'],
];

/** What stands in the way of a count is no reason to tell nothing else. */
const orNull = <T>(read: () => T): T | null => {
	try {
		return read();
	} catch {
		return null;
	}
};

const countRows = (db: Database, table: string) => {
	const some = db.prepare(`SELECT count(*) FROM (SELECT 1 FROM "${table}" LIMIT ${MOST_COUNTED + 1})`).pluck();
	const rows = some.get() as number;
	return rows > MOST_COUNTED ? { moreThan: MOST_COUNTED } : { rows };
};

/** Schema, settings and sizes of the ledger, and what each table holds: numbers, and names that the program made up. */
export const readLedgerFacts = readOperation('diagnosis.ledger-facts', (db) => {
	const tables = db
		.prepare(
			`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite^_%' ESCAPE '^' ORDER BY name`,
		)
		.pluck();
	const last = db.prepare('SELECT seq FROM sqlite_sequence WHERE name = ?').pluck();
	const version = db.prepare('SELECT sqlite_version()').pluck();
	return (_: null) => ({
		sqlite: version.get() as string,
		pragmas: Object.fromEntries(PRAGMAS.map((name) => [name, orNull(() => db.pragma(name, { simple: true }))])),
		tables: Object.fromEntries(
			(tables.all() as string[]).map((name) => {
				const newest = last.get(name) as number | undefined;
				const counted = orNull(() => countRows(db, name)) ?? { unreadable: true };
				return [name, { ...counted, ...(newest === undefined ? {} : { newest }) }];
			}),
		),
	});
});

/** What stands in line and what waits to be told, by kind. */
export const readBacklog = readOperation('diagnosis.backlog', (db) => {
	const tasks = db.prepare(
		`SELECT state, count(*) AS count FROM (SELECT state FROM tasks WHERE finished_at IS NULL LIMIT ${MOST_TASKS + 1})
		 GROUP BY state`,
	);
	const happenings = db.prepare(
		`SELECT kind, count(*) AS count, min(at) AS oldestAt FROM (SELECT kind, at FROM happenings LIMIT ${MOST_COUNTED})
		 GROUP BY kind`,
	);
	const deliveries = db.prepare(
		`SELECT count(*) AS due, min(created_at) AS oldestAt, max(tries) AS mostTries FROM
		   (SELECT created_at, tries FROM webhook_deliveries WHERE state = 'due' LIMIT ${MOST_COUNTED})`,
	);
	const mail = db.prepare(
		`SELECT tls, port, username IS NOT NULL AS hasUser, ca IS NOT NULL AS hasCa, last_sent_at AS lastSentAt,
		   failing_since AS failingSince, dropped, (SELECT count(*) FROM mails WHERE state = 'due') AS due FROM mail`,
	);
	const damaged = db.prepare('SELECT count(*) FROM damaged_blobs').pluck();
	return (_: null) => ({
		openTasks: tasks.all() as { state: string; count: number }[],
		happenings: happenings.all() as { kind: string; count: number; oldestAt: number }[],
		webhookDeliveries: deliveries.get() as { due: number; oldestAt: number | null; mostTries: number | null },
		mail: (mail.get() as ({ tls: string } & Record<string, number | null>) | undefined) ?? null,
		damagedContents: damaged.get() as number,
	});
});

export interface NodeRow {
	id: string;
	name: string;
	/** JSON text. */
	capabilities: string | null;
	queues: string | null;
	concurrency: number;
	setConcurrency: number | null;
	createdAt: number;
	lastSeenAt: number | null;
	cordonedAt: number | null;
	drainingAt: number | null;
	suspectAt: number | null;
	revokedAt: number | null;
	hasPolicy: 0 | 1;
}

/** The newest nodes; not their keys. */
export const readNodeFacts = readOperation('diagnosis.nodes', (db) => {
	const select = db.prepare(
		`SELECT id, name, capabilities, queues, concurrency, set_concurrency AS setConcurrency, created_at AS createdAt,
		   last_seen_at AS lastSeenAt, cordoned_at AS cordonedAt, draining_at AS drainingAt, suspect_at AS suspectAt,
		   revoked_at AS revokedAt, policy IS NOT NULL AS hasPolicy
		 FROM nodes ORDER BY created_at DESC LIMIT ${MOST_NODES}`,
	);
	return (_: null) => select.all() as NodeRow[];
});

/** What was told of checks last, notices of that, backups, and how rarer chores went. */
export const readCareFacts = readOperation('diagnosis.care', (db) => {
	const alerts = db.prepare('SELECT name, told, told_at AS toldAt FROM alerts ORDER BY name');
	const notices = db.prepare(
		`SELECT title, at, max(count) AS count FROM notices WHERE kind = 'health' GROUP BY title, at ORDER BY at DESC
		 LIMIT ${MOST_NOTICES}`,
	);
	const backups = db.prepare(
		`SELECT started_at AS startedAt, finished_at AS finishedAt, error, blobs, bytes, copied_blobs AS copiedBlobs,
		   copied_bytes AS copiedBytes, missing FROM backup_runs ORDER BY seq DESC LIMIT ${MOST_BACKUPS}`,
	);
	const chores = db.prepare(
		`SELECT name, started_at AS startedAt, finished_at AS finishedAt, failed, words FROM chore_runs ORDER BY name`,
	);
	return (_: null) => ({
		alerts: alerts.all() as { name: string; told: string; toldAt: number }[],
		notices: notices.all() as { title: string; at: number; count: number }[],
		backups: backups.all() as ({ startedAt: number; finishedAt: number; error: string | null } & Record<
			string,
			number
		>)[],
		chores: chores.all() as {
			name: string;
			startedAt: number;
			finishedAt: number;
			failed: 0 | 1;
			words: string | null;
		}[],
	});
});

/** All SQL of this room. */
export const DIAGNOSIS_OPERATIONS = [readLedgerFacts, readBacklog, readNodeFacts, readCareFacts];
