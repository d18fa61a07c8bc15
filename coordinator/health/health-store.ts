import { readOperation } from '../database/operation.ts';
import type { HealthFacts } from './facts.ts';

/** As many as are looked at. */
const MOST = 100;

/** Schedules that failed the last time, or paused themselves; those that people paused have no reason. */
export const readFailingSchedules = readOperation('health.failing-schedules', (db) => {
	const select = db.prepare(
		`SELECT s.name, u.username AS owner, s.failures, s.state = 'paused' AS stopped
		 FROM schedules s JOIN users u ON u.seq = s.owner_seq
		 WHERE u.disabled_at IS NULL AND s.failures > 0 AND (s.state = 'active' OR s.failures >= s.pause_after)
		 ORDER BY s.failures DESC LIMIT ${MOST}`,
	);
	return (_: null): HealthFacts['schedules'] =>
		(select.all() as { name: string; owner: string; failures: number; stopped: 0 | 1 }[]).map((row) => ({
			...row,
			stopped: row.stopped === 1,
		}));
});
