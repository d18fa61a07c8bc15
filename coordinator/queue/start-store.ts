import { readOperation } from '../database/operation.ts';

/** Metered facts that are looked through for starts, the newest first. */
const LOOKED_BACK = 10_000;

/** A start, with what its class is worked out from. */
export interface StartRow {
	ownerSeq: number;
	/** The service class asked for at submit. */
	asked: string | null;
	at: number;
}

/** What runs and what has ended lately, by when it was started, oldest first. */
export const readRecentStarts = readOperation('queue.read-recent-starts', (db) => {
	const select = db.prepare(
		`SELECT t.owner_seq AS ownerSeq, t.service_class AS asked, a.started_at AS at
		 FROM (SELECT * FROM usage_records ORDER BY seq DESC LIMIT ${LOOKED_BACK}) u
		 JOIN attempts a ON a.task_seq = u.task_seq AND a.number = u.attempt JOIN tasks t ON t.seq = a.task_seq
		 WHERE u.kind = 'attempt'
		 UNION ALL
		 SELECT owner_seq, service_class, started_at FROM tasks WHERE finished_at IS NULL AND state = 'running'
		 ORDER BY at`,
	);
	return (_: null) => select.all() as StartRow[];
});
