import { NOTHING_USED, usageRow } from '../accounting/usage-record.ts';
import { prepareAudit } from '../audit/audit-store.ts';
import { writeOperation } from '../database/operation.ts';
import { prepareSettle } from '../queue/lease-store.ts';

interface LiveAttempt {
	seq: number;
	ownerSeq: number;
	attempt: number;
	token: string;
	node: string;
	startedAt: number;
	type: string;
	serviceClass: string | null;
}

/** Why an attempt ended that ran when the backup was taken. */
const RESTORED = 'the coordinator was restored from a backup';

/**
 * What a restored ledger must not believe any more. The attempts that ran then have long gone on elsewhere or ended:
 * each ends as given back, which costs nobody anything, and its token is void. Nobody stays signed in, for sessions that
 * were ended since would be open again.
 */
export const beginAnew = writeOperation('backup.begin-anew', (db) => {
	const live = db.prepare(
		`SELECT t.seq, t.owner_seq AS ownerSeq, t.attempt, t.lease_token AS token, t.lease_node AS node,
		        t.started_at AS startedAt, y.name AS type, t.service_class AS serviceClass
		 FROM tasks t JOIN task_types y ON y.seq = t.type_seq WHERE t.finished_at IS NULL AND t.state = 'running'`,
	);
	const settle = prepareSettle(db);
	const raise = db.prepare('UPDATE installation SET generation = generation + 1 RETURNING generation').pluck();
	const signOut = db.prepare('DELETE FROM sessions');
	const unpin = db.prepare('DELETE FROM blob_pins');
	const audit = prepareAudit(db);
	return ({ backup, takenAt, now }: { backup: string; takenAt: string; now: number }) => {
		const attempts = live.all() as LiveAttempt[];
		for (const { type, serviceClass, ...attempt } of attempts) {
			const { seq: taskSeq, ownerSeq, node } = attempt;
			settle({
				...attempt,
				...{ finishedAt: now, attemptState: 'returned', reason: RESTORED, result: null, error: null },
				next: { state: 'queued', dueAt: null, avoidNode: null },
				...{ failures: 0, losses: 0, unclaimed: false },
				usage: usageRow({
					...NOTHING_USED,
					...{ at: now, kind: 'attempt', ownerSeq, taskSeq, attempt: attempt.attempt, charged: false, node },
					...{ taskType: type, queue: null, serviceClass, measured: null, flags: null },
					...{ priceVersion: null, amountMicro: 0 },
				}),
			});
		}
		const sessions = signOut.run().changes;
		unpin.run();
		const generation = raise.get() as number;
		audit({
			...{ at: now, actor: 'system', action: 'backup.restore', object: backup, outcome: 'done', address: '' },
			detail: { takenAt, generation, attempts: attempts.length },
		});
		return { attempts: attempts.length, sessions, generation };
	};
});

export const RESTORE_OPERATIONS = [beginAnew];
