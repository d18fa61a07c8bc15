import type { Role } from '../../shared/protocol/account.ts';
import type { Json } from '../../shared/protocol/json.ts';
import type { OVERLAPS } from '../../shared/protocol/schedule.ts';
import type { Misfire } from './due-times.ts';
import type { ScheduleRule } from './schedule-rule.ts';

export type Overlap = (typeof OVERLAPS)[number];

/** A schedule as the ledger has it. */
export interface ScheduleRow {
	seq: number;
	id: string;
	ownerSeq: number;
	/** Public id, role and whether the account may do nothing now. */
	owner: string;
	ownerRole: Role;
	ownerDisabled: 0 | 1;
	name: string;
	version: number;
	cron: string | null;
	everyMs: number | null;
	anchorAt: number | null;
	timeZone: string;
	/** JSON text. */
	wish: string;
	misfire: Misfire;
	overlap: Overlap;
	pauseAfter: number;
	failures: number;
	state: 'active' | 'paused';
	reason: string | null;
	nextAt: number | null;
	createdAt: number;
	updatedAt: number;
}

/** Of `schedules s JOIN users u`. */
export const SCHEDULE_COLUMNS = `s.seq, s.id, s.owner_seq AS ownerSeq, u.id AS owner, u.role AS ownerRole,
	u.disabled_at IS NOT NULL AS ownerDisabled, s.name, s.version, s.cron, s.every_ms AS everyMs, s.anchor_at AS anchorAt,
	s.time_zone AS timeZone, s.wish, s.misfire, s.overlap, s.pause_after AS pauseAfter, s.failures, s.state, s.reason,
	s.next_at AS nextAt, s.created_at AS createdAt, s.updated_at AS updatedAt`;

export const ruleOf = (row: Pick<ScheduleRow, 'cron' | 'everyMs' | 'anchorAt' | 'timeZone'>): ScheduleRule =>
	row.cron === null
		? { cron: null, timeZone: row.timeZone, everyMs: row.everyMs!, anchorAt: row.anchorAt! }
		: { cron: row.cron, timeZone: row.timeZone, everyMs: null, anchorAt: null };

export const wishOf = (row: Pick<ScheduleRow, 'wish'>): Json => JSON.parse(row.wish) as Json;
