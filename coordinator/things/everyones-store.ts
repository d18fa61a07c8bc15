import type { EveryonesKind, ThingState } from '../../shared/protocol/everyones-thing.ts';
import { readOperation } from '../database/operation.ts';

/** A row of any kind; times in ms since 1970. `about` is what the kind tells of itself. */
export interface EveryonesRow {
	seq: number;
	id: string;
	name: string;
	owner: string | null;
	ownerName: string | null;
	about: string;
	state: ThingState;
	reason: string | null;
	createdAt: number;
	lastAt: number | null;
	lastOutcome: string | null;
	nextAt: number | null;
}

const LAST_RUN = `(SELECT max(seq) FROM schedule_runs WHERE schedule_seq = t.seq)`;
const LAST_DELIVERY = `(SELECT max(seq) FROM webhook_deliveries WHERE webhook_seq = t.seq)`;
const LAST_FIRING = `(SELECT max(seq) FROM trigger_firings WHERE trigger_seq = t.seq)`;

/** What each kind is read by; `state` first, since lists are narrowed down by it. */
const KINDS: Record<EveryonesKind, { columns: string; from: string; name: string; state: string }> = {
	recipe: {
		name: 't.name',
		state: `'on'`,
		columns: `format('steps: %d, triggers: %d', json_array_length(t.body, '$.steps'),
		            (SELECT count(*) FROM triggers WHERE recipe_seq = t.seq)) AS about, NULL AS reason,
		          t.updated_at AS lastAt, 'version ' || t.version AS lastOutcome, NULL AS nextAt`,
		from: 'recipes t',
	},
	trigger: {
		name: `r.name || ' at ' || t.folder`,
		state: `iif(t.enabled, 'on', 'off')`,
		columns: `t.folder AS about, NULL AS reason, f.at AS lastAt, f.state || coalesce(': ' || f.reason, '') AS lastOutcome,
		          NULL AS nextAt`,
		from: `triggers t JOIN recipes r ON r.seq = t.recipe_seq LEFT JOIN trigger_firings f ON f.seq = ${LAST_FIRING}`,
	},
	schedule: {
		name: 't.name',
		state: `iif(t.state = 'paused', iif(t.failures > 0, 'trouble', 'off'), iif(t.failures > 0, 'trouble', 'on'))`,
		columns: `coalesce(t.cron, 'every ' || t.every_ms / 1000 || ' s') || ', ' || t.time_zone AS about, t.reason,
		          n.fired_at AS lastAt, coalesce(j.state, n.outcome || coalesce(': ' || n.reason, '')) AS lastOutcome,
		          t.next_at AS nextAt`,
		from: `schedules t LEFT JOIN schedule_runs n ON n.seq = ${LAST_RUN} LEFT JOIN jobs j ON j.seq = n.job_seq`,
	},
	source: {
		name: 't.name',
		// Who stopped it is not kept; the reason tells.
		state: `iif(t.state = 'active', 'on', 'off')`,
		columns: `t.type || ' into ' || d.name AS about, t.reason, t.last_ok_at AS lastAt, NULL AS lastOutcome, NULL AS nextAt`,
		from: 'sources t JOIN datasets d ON d.seq = t.dataset_seq',
	},
	dataset: {
		name: 't.name',
		state: `CASE WHEN t.state = 'retired' THEN 'retired' WHEN t.state = 'failed' OR t.missing_since IS NOT NULL
		        THEN 'trouble' ELSE 'on' END`,
		columns: `format('files: %d', t.files) AS about,
		          coalesce(t.reason, iif(t.missing_since IS NULL, NULL, 'Its directory is missing')) AS reason,
		          t.updated_at AS lastAt, t.state || ', version ' || t.version AS lastOutcome, NULL AS nextAt`,
		from: 'datasets t',
	},
	webhook: {
		name: 't.name',
		state: `iif(t.state = 'paused', iif(t.failures > 0, 'trouble', 'off'), iif(t.failures > 0, 'trouble', 'on'))`,
		columns: `t.url AS about, t.reason, w.created_at AS lastAt,
		          w.state || coalesce(': ' || w.error, ': ' || w.status, '') AS lastOutcome, w.next_at AS nextAt`,
		from: `webhooks t LEFT JOIN webhook_deliveries w ON w.seq = ${LAST_DELIVERY}`,
	},
};

export interface EveryonesWish {
	kind: EveryonesKind;
	/** Rows below this number; null: from the newest. */
	before: number | null;
	limit: number;
	/** Of names, in lower case. */
	text: string | null;
	owner: string | null;
	state: ThingState | null;
}

/** One page of everybody's things of a kind, the newest first, and one row more where there are more. */
export const listEveryones = readOperation('things.list-everyones', (db) => {
	const statements = new Map(
		Object.entries(KINDS).map(([kind, { columns, from, name, state }]) => [
			kind,
			db.prepare(
				`SELECT t.seq, t.id, ${name} AS name, u.id AS owner, u.username AS ownerName, ${state} AS state,
				        t.created_at AS createdAt, ${columns}
				 FROM ${from} LEFT JOIN users u ON u.seq = t.owner_seq
				 WHERE (@before IS NULL OR t.seq < @before)
				   AND (@owner IS NULL OR u.id = @owner)
				   AND (@text IS NULL OR instr(lower(${name}), @text) > 0)
				   AND (@state IS NULL OR ${state} = @state)
				 ORDER BY t.seq DESC LIMIT @limit + 1`,
			),
		]),
	);
	return ({ kind, ...wish }: EveryonesWish) => statements.get(kind)!.all(wish) as EveryonesRow[];
});
