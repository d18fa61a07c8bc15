import type { Database } from 'better-sqlite3';
import type { UsageByFile, UsageByTask } from '../../shared/protocol/usage-list.ts';
import { readOperation } from '../database/operation.ts';
import { DAY_MS } from './rollup-cubes.ts';

/** Facts that one question looks at, the newest, so that a busy month does not hold a reader for long. */
export const LOOKED_AT = 200_000;

/** What of somebody's is asked for. */
export interface ListWish {
	ownerSeq: number;
	from: number;
	to: number;
	limit: number;
}

interface Sums {
	attempts: number;
	wallUs: number;
	cpuUs: number;
	bytesIn: number;
	bytesOut: number;
	amountMicro: number;
	/** How many there are in all. */
	groups: number;
}

const usedOf = ({ attempts, wallUs, cpuUs, bytesIn, bytesOut, amountMicro }: Sums) => ({
	...{ attempts, wallMs: wallUs / 1_000, cpuMs: cpuUs / 1_000, bytesIn, bytesOut, amountMicro },
});

/** The person's attempts in that time that cost something to them, the newest. */
const MINE = `(SELECT at, kind, charged, task_seq, task_type, wall_us, user_us + system_us AS cpu_us, bytes_in, bytes_out, amount_micro
	FROM usage_records WHERE owner_seq = @ownerSeq AND at >= @from AND at < @to ORDER BY at DESC LIMIT @lookedAt) m`;
const CHARGED = `m.kind = 'attempt' AND m.charged = 1`;
const SUMS = `count(*) AS attempts, sum(m.wall_us) AS wallUs, sum(m.cpu_us) AS cpuUs, sum(m.bytes_in) AS bytesIn,
	sum(m.bytes_out) AS bytesOut, sum(m.amount_micro) AS amountMicro, count(*) OVER () AS groups`;
const DEAREST = 'ORDER BY amountMicro DESC, wallUs DESC LIMIT @limit';

/** From when on all was looked at; null: all of it was. */
const prepareSince = (db: Database) => {
	const select = db
		.prepare(
			`SELECT at FROM usage_records WHERE owner_seq = @ownerSeq AND at >= @from AND at < @to
			 ORDER BY at DESC LIMIT 1 OFFSET @lookedAt - 1`,
		)
		.pluck();
	const summed = db.prepare('SELECT max(day) FROM usage_purges').pluck();
	return (args: ListWish & { lookedAt: number }): number | null => {
		const looked = (select.get(args) as number | undefined) ?? null;
		// Of before there are no records any more.
		const day = summed.get() as number | null;
		if (day === null || args.from >= day + DAY_MS) return looked;
		return Math.max(looked ?? args.from, Math.min(day + DAY_MS, args.to));
	};
};

export interface List<T> {
	since: number | null;
	items: T[];
	left: number;
}

const listOf = <Row extends Sums, T>(since: number | null, rows: readonly Row[], itemOf: (row: Row) => T): List<T> => ({
	...{ since, items: rows.map(itemOf), left: (rows[0]?.groups ?? 0) - rows.length },
});

/** What a person's tasks have used. */
export const readUsageByTask = readOperation('accounting.read-usage-by-task', (db) => {
	const since = prepareSince(db);
	type Row = Sums & { task: string | null; type: string; state: string | null; file: string | null };
	const select = db.prepare(
		`SELECT t.id AS task, s.task_type AS type, t.state, f.name AS file, s.* FROM (
		   SELECT m.task_seq, m.task_type, ${SUMS} FROM ${MINE} WHERE ${CHARGED} GROUP BY m.task_seq ${DEAREST}) s
		 LEFT JOIN tasks t ON t.seq = s.task_seq LEFT JOIN files f ON f.seq = t.file_seq AND f.owner_seq = @ownerSeq
		 ORDER BY amountMicro DESC, wallUs DESC`,
	);
	return (wish: ListWish): List<UsageByTask['items'][number]> => {
		const args = { ...wish, lookedAt: LOOKED_AT };
		return listOf(since(args), select.all(args) as Row[], (row) => ({
			...{ task: row.task, type: row.type, file: row.file },
			state: row.state as UsageByTask['items'][number]['state'],
			...usedOf(row),
		}));
	};
});

/** What was used for a person's files. */
export const readUsageByFile = readOperation('accounting.read-usage-by-file', (db) => {
	const since = prepareSince(db);
	type Row = Sums & { tasks: number; file: string | null; name: string | null; folder: number; trashed: number | null };
	const select = db.prepare(
		`SELECT f.id AS file, f.name, f.folder_seq AS folder, f.trashed_at AS trashed, s.* FROM (
		   SELECT o.seq AS file_seq, count(DISTINCT m.task_seq) AS tasks, ${SUMS} FROM ${MINE}
		   LEFT JOIN tasks t ON t.seq = m.task_seq LEFT JOIN files o ON o.seq = t.file_seq AND o.owner_seq = @ownerSeq
		   WHERE ${CHARGED} GROUP BY o.seq ${DEAREST}) s
		 LEFT JOIN files f ON f.seq = s.file_seq ORDER BY amountMicro DESC, wallUs DESC`,
	);
	const folderOf = db.prepare('SELECT parent_seq AS parent, name, trashed_at AS trashed FROM folders WHERE seq = ?');
	// The root of everybody's tree has no row.
	const pathOf = (row: Row): string | null => {
		if (row.file === null || row.trashed !== null) return null;
		let path = `/${row.name}`;
		for (let at = row.folder; at !== 0; ) {
			const folder = folderOf.get(at) as { parent: number; name: string; trashed: number | null } | undefined;
			if (!folder || folder.trashed !== null) return null;
			path = `/${folder.name}${path}`;
			at = folder.parent;
		}
		return path;
	};
	const read = (wish: ListWish): List<UsageByFile['items'][number]> => {
		const args = { ...wish, lookedAt: LOOKED_AT };
		return listOf(since(args), select.all(args) as Row[], (row) => ({
			...{ file: row.file, name: row.name, path: pathOf(row), tasks: row.tasks },
			...usedOf(row),
		}));
	};
	// One view for all statements.
	return db.transaction(read);
});

export const USAGE_LIST_OPERATIONS = [readUsageByTask, readUsageByFile];
