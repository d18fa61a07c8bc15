import type { Database } from 'better-sqlite3';
import { CURRENT_SET } from '../accounting/all-sums.ts';
import { CUBES } from '../accounting/rollup-cubes.ts';

/** Of the people that are gone only what they used is left. */
const GONE = 'SELECT user_seq FROM deleted_people';
/** Up to here records of usage were forgotten by their age. */
const FORGOTTEN_USAGE = '(SELECT to_seq FROM usage_forgotten)';

/** Kinds of roll-up that have a record as soon as the hours do. */
const AT_ONCE = CUBES.flatMap(({ code, atOnce }) => (atOnce ? [code] : [])).join(', ');

/** What is wrong, and with what: ids, hashes or numbers of rows, the first of `count`. */
export interface Violation {
	rule: string;
	count: number;
	some: string[];
}

/** Offenders that are named. */
const SHOWN = 5;

export const violation = (rule: string, offenders: readonly unknown[]): Violation[] =>
	offenders.length === 0 ? [] : [{ rule, count: offenders.length, some: offenders.slice(0, SHOWN).map(String) }];

/** Rows that should not be there, with what they mean. Ids come out; a rule is broken when any row does. */
const RULES: readonly { rule: string; sql: string; settledOnly?: true }[] = [
	{
		// A task that was cancelled while its last attempt came home stays cancelled, and so is that attempt.
		rule: 'I2 a task has at most one accepted completion, and exactly one when it succeeded',
		sql: `SELECT t.id FROM tasks t LEFT JOIN attempts a ON a.task_seq = t.seq AND a.state = 'succeeded'
		      GROUP BY t.seq HAVING count(a.number) <> (t.state = 'succeeded')`,
	},
	{
		rule: 'I2 the accepted completion is the newest attempt',
		sql: `SELECT t.id FROM tasks t JOIN attempts a ON a.task_seq = t.seq AND a.state = 'succeeded'
		      WHERE a.number <> t.attempt`,
	},
	{
		rule: 'I3 only a task that succeeded has outputs',
		sql: `SELECT DISTINCT t.id FROM task_outputs o JOIN tasks t ON t.seq = o.task_seq WHERE t.state <> 'succeeded'`,
	},
	{
		rule: 'I2 outputs are filed by a task that succeeded',
		sql: `SELECT DISTINCT t.id FROM filings f JOIN tasks t ON t.seq = f.task_seq WHERE t.state <> 'succeeded'`,
	},
	{
		// What is in the trash may be what was left when it became the next version of another file.
		rule: 'I7 a version that a task made is a filed output of it, and only one',
		sql: `SELECT p.file_seq || ' version ' || p.version FROM provenance p JOIN tasks t ON t.seq = p.task_seq
		      JOIN files e ON e.seq = p.file_seq
		      LEFT JOIN filings f ON f.task_seq = p.task_seq AND (f.file_seq = p.file_seq AND f.version = p.version
		        OR e.trashed_at IS NOT NULL AND f.name = p.output AND f.state = 'filed')
		      GROUP BY p.file_seq, p.version HAVING count(f.name) <> 1`,
	},
	{
		// Not by the index of owners (the +): everything of somebody with 100,000 tasks would be read for each attempt.
		rule: 'I4 every attempt that is over was metered exactly once',
		sql: `SELECT t.id || ' attempt ' || a.number FROM attempts a JOIN tasks t ON t.seq = a.task_seq
		      LEFT JOIN usage_records u ON u.task_seq = a.task_seq AND u.attempt = a.number AND u.kind = 'attempt'
		        AND +u.owner_seq = t.owner_seq
		      GROUP BY a.task_seq, a.number HAVING count(u.seq) <> (coalesce(a.usage_seq, 0) NOT BETWEEN 1 AND ${FORGOTTEN_USAGE})`,
	},
	{
		rule: 'I4 no usage without an attempt, but of tasks that were forgotten',
		sql: `SELECT u.seq FROM usage_records u LEFT JOIN attempts a ON a.task_seq = u.task_seq AND a.number = u.attempt
		      JOIN forgotten_tasks f LEFT JOIN tasks t ON t.seq = u.task_seq
		      WHERE u.kind = 'attempt' AND a.number IS NULL AND u.owner_seq NOT IN (${GONE})
		        AND (t.seq IS NOT NULL OR u.task_seq IS NULL OR u.task_seq > f.to_seq OR u.at >= f.ended_before)`,
	},
	{
		rule: 'I4 no more attempts have left their usage than were forgotten',
		sql: `SELECT 'all' FROM forgotten_tasks f WHERE f.attempts <
		      (SELECT count(*) FROM usage_records u LEFT JOIN tasks t ON t.seq = u.task_seq
		       WHERE u.kind = 'attempt' AND t.seq IS NULL AND u.owner_seq NOT IN (${GONE}))`,
	},
	{
		rule: 'I4 roll-ups are the sum of the records that were folded into them',
		sql: `SELECT hour || ' of ' || owner FROM (
		        SELECT at / 3600000 AS hour, owner_seq AS owner, charged, count(*) AS n, sum(wall_us) AS wall,
		               sum(user_us + system_us) AS cpu, sum(bytes_in + bytes_out) AS bytes, sum(amount_micro) AS amount
		        FROM usage_records WHERE seq <= (SELECT folded_seq ${CURRENT_SET}) GROUP BY 1, 2, 3
		        UNION ALL
		        SELECT at / 3600000, owner_seq, charged, -sum(records), -sum(wall_us), -sum(user_us + system_us),
		               -sum(bytes_in + bytes_out), -sum(amount_micro)
		        FROM usage_rollups JOIN usage_rollup_sets USING (generation) WHERE is_current = 1 AND cube = 0 GROUP BY 1, 2, 3)
		      GROUP BY hour, owner, charged
		      HAVING (sum(n), sum(wall), sum(cpu), sum(bytes), sum(amount)) <> (0, 0, 0, 0, 0)`,
	},
	{
		rule: 'I4 roll-ups of days and months are the sum of those of their hours, as far as days were closed',
		sql: `SELECT 'cube ' || cube FROM usage_rollups r JOIN usage_rollup_sets s USING (generation)
		      WHERE cube > 0 GROUP BY generation, cube
		      HAVING (sum(records), sum(wall_us), sum(user_us + system_us), sum(bytes_in + bytes_out), sum(amount_micro)) <>
		        (SELECT coalesce(sum(records), 0), coalesce(sum(wall_us), 0), coalesce(sum(user_us + system_us), 0),
		                coalesce(sum(bytes_in + bytes_out), 0), coalesce(sum(amount_micro), 0)
		         FROM usage_rollups h WHERE h.generation = r.generation AND h.cube = 0
		           AND (r.cube IN (${AT_ONCE}) OR h.at < s.closed_at OR (h.at < s.closed_at + 86400000 AND h.owner_seq <= s.closed_owner)))`,
	},
	{
		rule: 'I4 attempts are numbered without gaps',
		sql: `SELECT t.id FROM tasks t LEFT JOIN attempts a ON a.task_seq = t.seq
		      GROUP BY t.seq HAVING t.attempt <> count(a.number) + (t.lease_token IS NOT NULL)`,
	},
	{
		// At most: trying again by hand starts both budgets afresh.
		rule: 'I4 failures and losses are what the attempts say',
		sql: `SELECT t.id FROM tasks t LEFT JOIN attempts a ON a.task_seq = t.seq GROUP BY t.seq
		      HAVING t.failures > sum(coalesce(a.state = 'failed', 0)) OR t.losses > sum(coalesce(a.state = 'lost', 0))`,
	},
	{
		rule: 'I5 an open task has a lease, a time, or something before it',
		sql: `SELECT id FROM tasks WHERE (state = 'running' AND lease_token IS NULL) OR (state = 'retrying' AND due_at IS NULL)
		      OR (state = 'waiting' AND due_at IS NULL AND blockers = 0)`,
	},
	{
		rule: 'I5 what a task waits for is counted right',
		sql: `SELECT t.id FROM tasks t LEFT JOIN task_dependencies d ON d.task_seq = t.seq
		      LEFT JOIN tasks b ON b.seq = d.after_seq AND b.state <> 'succeeded'
		      WHERE t.finished_at IS NULL GROUP BY t.seq HAVING t.blockers <> count(b.seq)`,
	},
	{
		rule: 'I5 a task is cancelled only when somebody asked for it, or with what it waited for',
		sql: `SELECT id FROM tasks WHERE state = 'cancelled' AND cancel_at IS NULL AND coalesce(error_code, '') <> 'dependency-failed'`,
	},
	{
		rule: 'L1 open tasks that do not run are counted right, by person',
		sql: `SELECT u.id FROM users u LEFT JOIN task_counts c ON c.owner_seq = u.seq WHERE coalesce(c.pending, 0) <>
		      (SELECT count(*) FROM tasks WHERE owner_seq = u.seq AND state IN ('waiting', 'queued', 'retrying'))`,
	},
	{
		rule: 'L2 what files take is counted right, by person',
		sql: `SELECT u.id FROM users u LEFT JOIN storage_use s ON s.owner_seq = u.seq
		      WHERE coalesce(s.files, 0) <> (SELECT count(*) FROM files WHERE owner_seq = u.seq)
		         OR (coalesce(s.versions, 0), coalesce(s.bytes, 0)) <>
		            (SELECT count(*), coalesce(sum(b.size), 0) FROM files f JOIN file_versions v ON v.file_seq = f.seq
		             JOIN blobs b ON b.seq = v.blob_seq WHERE f.owner_seq = u.seq)`,
	},
	{
		rule: 'L2 what properties of the drive take is counted right, by person, and each is of whose its entry is',
		sql: `SELECT u.id FROM users u LEFT JOIN drive_property_use p ON p.owner_seq = u.seq WHERE coalesce(p.bytes, 0) <>
		      (SELECT coalesce(sum(octet_length(d.namespace) + octet_length(d.name) + octet_length(d.value)), 0)
		       FROM drive_properties d LEFT JOIN files f ON f.seq = d.file_seq LEFT JOIN folders o ON o.seq = d.folder_seq
		       WHERE coalesce(f.owner_seq, o.owner_seq) = u.seq)`,
	},
	{
		// By the month, without nodes (cube 6); of uploads and downloads (1, 2).
		rule: 'L3 what people transfer in a month is the sum of their usage records',
		sql: `SELECT owner_seq || ' ' || month FROM (
		        SELECT owner_seq, month, bytes FROM transfer_use
		        UNION ALL
		        SELECT owner_seq, unixepoch(at / 1000, 'unixepoch', 'start of month') * 1000, -(bytes_in + bytes_out)
		        FROM usage_records WHERE kind IN ('upload', 'download')
		        UNION ALL
		        SELECT owner_seq, at, -(bytes_in + bytes_out) FROM usage_rollups
		        WHERE generation = 0 AND cube = 6 AND kind IN (1, 2))
		      WHERE owner_seq NOT IN (${GONE}) GROUP BY owner_seq, month HAVING sum(bytes) <> 0`,
	},
	{
		rule: 'B1 what a budget has set aside is the sum for its tasks',
		sql: `SELECT id FROM budgets b WHERE reserved_micro <>
		      (SELECT coalesce(sum(amount_micro), 0) FROM budget_reservations WHERE budget_seq = b.seq)`,
	},
	{
		rule: 'B2 something is set aside, or waited for, by open tasks alone, and never both',
		sql: `SELECT t.id FROM tasks t WHERE t.budgeted <>
		        EXISTS (SELECT 1 FROM budget_reservations WHERE task_seq = t.seq) + EXISTS (SELECT 1 FROM budget_waits WHERE task_seq = t.seq)
		      OR (t.budgeted = 1 AND t.finished_at IS NOT NULL)`,
	},
	{
		rule: 'B3 a task that waits for a budget is held, and a budget holds no other',
		sql: `SELECT t.id FROM tasks t WHERE t.finished_at IS NULL AND
		        CASE WHEN EXISTS (SELECT 1 FROM budget_waits WHERE task_seq = t.seq) THEN t.held_at IS NULL ELSE coalesce(t.held_by = 'budget', 0) END`,
	},
	{
		rule: 'S1 no job stands for two times of a schedule, and none that a schedule began is without tasks',
		sql: `SELECT id FROM jobs WHERE seq IN (SELECT job_seq FROM schedule_runs GROUP BY job_seq HAVING count(*) > 1)
		         OR (cause = 'schedule' AND tasks = 0)`,
	},
	{
		rule: 'S2 a run in line waits for a job that has not ended, or the word that it has is still to be passed on',
		sql: `SELECT r.id FROM schedule_runs r WHERE r.outcome = 'queued' AND NOT EXISTS
		        (SELECT 1 FROM jobs WHERE schedule_seq = r.schedule_seq AND finished_at IS NULL) AND NOT EXISTS
		        (SELECT 1 FROM happenings h JOIN jobs j ON j.seq = h.ref
		         WHERE h.kind = 'schedule.job-ended' AND j.schedule_seq = r.schedule_seq)`,
	},
	{
		rule: 'J1 a job counts its tasks as they are',
		sql: `SELECT j.id FROM jobs j LEFT JOIN tasks t ON t.job_seq = j.seq GROUP BY j.seq
		      HAVING j.tasks <> count(t.seq) OR j.open <> count(t.seq) - count(t.finished_at)
		          OR j.succeeded <> sum(coalesce(t.state = 'succeeded', 0))
		          OR j.cancelled <> sum(coalesce(t.state = 'cancelled', 0))`,
	},
	{
		rule: 'J2 what a trigger has fired for a version of a file is there, once',
		sql: `SELECT g.trigger_seq || ' on file ' || g.file_seq || ' version ' || g.version FROM trigger_firings g
		      GROUP BY g.trigger_seq, g.file_seq, g.version HAVING sum(g.tasks - g.forgotten) <>
		        (SELECT count(*) FROM tasks t JOIN task_origins o ON o.task_seq = t.seq
		         WHERE t.file_seq = g.file_seq AND t.inputs ->> '$[0].version' = g.version
		           AND o.trigger_seq = g.trigger_seq AND o.cause <> 'again')`,
	},
	{ rule: 'I5 nothing is open any more', sql: 'SELECT id FROM tasks WHERE finished_at IS NULL', settledOnly: true },
];

/** Of blobs, those whose references are counted wrong. */
const REFERENCES = `SELECT lower(hex(b.sha256)) FROM blobs b LEFT JOIN (
    SELECT blob_seq AS seq FROM file_versions
    UNION ALL SELECT thumbnail_blob_seq FROM file_versions WHERE thumbnail_blob_seq IS NOT NULL
    UNION ALL SELECT blob_seq FROM task_outputs
    UNION ALL SELECT blob_seq FROM dataset_entries
  ) r ON r.seq = b.seq GROUP BY b.seq HAVING b.refs <> count(r.seq)`;

/**
 * Everything in a ledger that cannot be, whatever happened before. `settled`: all work was waited for, so that nothing may
 * be open. In one transaction, so that work which goes on meanwhile is seen as it was at one moment.
 */
export const ledgerViolations = (db: Database, { settled }: { settled: boolean }): Violation[] =>
	db.transaction(() => [
		...violation(
			'the ledger is intact',
			(db.pragma('integrity_check(10)') as { integrity_check: string }[])
				.map((row) => row.integrity_check)
				.filter((text) => text !== 'ok'),
		),
		...violation(
			'every reference points at something',
			(db.pragma('foreign_key_check') as { table: string }[]).map((row) => row.table),
		),
		...RULES.filter(({ settledOnly }) => settled || !settledOnly).flatMap(({ rule, sql }) =>
			violation(rule, broken(db, sql)),
		),
		...referenceViolations(db),
	])();

/** What breaks a rule; sums that leave 64 bits break it, too, since nothing could tell. */
const broken = (db: Database, sql: string): unknown[] => {
	try {
		return db.prepare(sql).pluck().all();
	} catch (error) {
		if ((error as Error).message !== 'integer overflow') throw error;
		return ['a sum that is beyond 64 bits'];
	}
};

export const referenceViolations = (db: Database): Violation[] =>
	violation('I6 references to blobs are counted right', db.prepare(REFERENCES).pluck().all());

/** Blobs by pages, in the order of their rows. */
export interface BlobRow {
	seq: number;
	sha256: string;
	size: number;
	refs: number;
}

export const blobsAfter = (db: Database, seq: number, limit: number): BlobRow[] =>
	db
		.prepare('SELECT seq, lower(hex(sha256)) AS sha256, size, refs FROM blobs WHERE seq > ? ORDER BY seq LIMIT ?')
		.all(seq, limit) as BlobRow[];

/** How many refer to the blob now; null when it has no row. */
export const referencesTo = (db: Database, sha256: string): number | null =>
	(db.prepare('SELECT refs FROM blobs WHERE sha256 = ?').pluck().get(Buffer.from(sha256, 'hex')) as
		| number
		| undefined) ?? null;
