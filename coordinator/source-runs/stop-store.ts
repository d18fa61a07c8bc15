import type { Database } from 'better-sqlite3';
import { prepareAudit } from '../audit/audit-store.ts';
import type { Doer } from '../audit/doer.ts';
import { prepareHappening } from '../happenings/happening-store.ts';

const MOST_REASON = 700;
/** Schedules that are paused with a reason that begins like this go on with their source. */
export const PAUSED_WITH_SOURCE = 'Its source is stopped: ';

/**
 * Stops a source inside somebody's transaction, and pauses its schedules: seqs of those. Stopping what is stopped gives it
 * the newer reason. `tell`: its owner has not asked for it.
 */
export const prepareStopSource = (
	db: Database,
): ((stop: { seq: number; reason: string; tell: boolean; by: Doer; now: number }) => number[]) => {
	const stopOne = db.prepare(
		`UPDATE sources SET state = 'stopped', reason = ?, version = version + 1, updated_at = ? WHERE seq = ?
		 RETURNING id, owner_seq AS ownerSeq`,
	);
	const pause = db
		.prepare(
			`UPDATE schedules SET state = 'paused', reason = @reason, next_at = NULL, version = version + 1, updated_at = @now
			 WHERE owner_seq = @ownerSeq AND state = 'active' AND wish ->> '$.source' = @id RETURNING seq`,
		)
		.pluck();
	const giveUp = db.prepare(
		`UPDATE schedule_runs SET outcome = 'skipped', reason = 'The schedule was paused before its turn came.'
		 WHERE schedule_seq = ? AND outcome = 'queued'`,
	);
	const audit = prepareAudit(db);
	const happen = prepareHappening(db);
	return ({ seq, tell, by, now, ...stop }) => {
		const reason = stop.reason.slice(0, MOST_REASON);
		const { id, ownerSeq } = stopOne.get(reason, now, seq) as { id: string; ownerSeq: number };
		const paused = pause.all({ reason: `${PAUSED_WITH_SOURCE}${reason}`, now, ownerSeq, id }) as number[];
		for (const schedule of paused) giveUp.run(schedule);
		audit({ at: now, ...by, action: 'source.stop', object: id, outcome: 'done', detail: { reason } });
		if (tell) happen({ at: now, kind: 'source.stopped', ownerSeq, ref: seq, detail: null });
		return paused;
	};
};
