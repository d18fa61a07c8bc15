import { join } from 'node:path';
import Database from 'better-sqlite3';
import { newId } from '../../coordinator/database/new-id.ts';
import { lookInto } from '../support/look-into.ts';
import { BenchSystem } from './bench-system.ts';
import { type Benchmark, type Figure, latencyFigures } from './figure.ts';

const MINUTE_MS = 60_000;
/** Until the first time: the coordinator and the agent have started by then, so that this is not measured. */
const LEAD_MS = 40_000;

type Times = (index: number) => { cron: string } | { everyMs: number; nextAt: number };

/** Schedules written beside the coordinator while it is down: a person may have two hundred, and this is about many people. */
const fill = (data: string, count: number, times: Times, nextMinute: number): void => {
	const db = new Database(join(data, 'ledger.db'));
	const insert = db.prepare(
		`INSERT INTO schedules (id, owner_seq, name, name_key, cron, every_ms, anchor_at, time_zone, wish, misfire, overlap,
		   pause_after, state, next_at, created_at, updated_at)
		 VALUES (@id, 1, @name, @name, @cron, @everyMs, @anchorAt, 'Europe/London', '{"type":"noop"}', 'once', 'skip', 5, 'active',
		   @nextAt, 1, 1)`,
	);
	db.transaction(() => {
		for (let i = 0; i < count; i += 1) {
			const own = times(i);
			const rule =
				'cron' in own
					? { cron: own.cron, everyMs: null, anchorAt: null, nextAt: nextMinute }
					: { cron: null, everyMs: own.everyMs, anchorAt: own.nextAt - own.everyMs, nextAt: own.nextAt };
			insert.run({ id: newId('schedule'), name: `s${i}`, ...rule });
		}
	})();
	db.close();
};

/** Runs so many of them and tells how long after its time each run was written, and its task leased to the agent. */
const measure = async (
	count: number,
	runs: number,
	times: (from: number) => Times,
	what: string,
): Promise<Figure[]> => {
	await using system = await BenchSystem.start();
	const { coordinator } = system;
	const { data } = coordinator;
	await coordinator.stop();
	const from = Math.ceil((Date.now() + LEAD_MS) / 1_000) * 1_000;
	fill(data, count, times(from), Math.ceil(from / MINUTE_MS) * MINUTE_MS);
	await coordinator.restart();
	// More slots than a second has times: what is measured is the way, not the wait for a slot.
	await system.addAgent({ concurrency: 24, queues: ['normal'] });
	await system.untilFinished(runs);
	const rows = lookInto<{ written: number; leased: number }>(
		data,
		`SELECT r.fired_at - r.nominal_at AS written, a.started_at - r.nominal_at AS leased
		 FROM schedule_runs r JOIN tasks t ON t.job_seq = r.job_seq JOIN attempts a ON a.task_seq = t.seq
		 WHERE r.kind = 'tick' ORDER BY r.seq LIMIT ?`,
		runs,
	);
	if (rows.length < runs) throw new Error(`${rows.length} of ${runs} runs came about`);
	const memory = { what: `${what}: coordinator’s memory`, unit: 'MB', value: system.memory() / 1e6 };
	return [
		...latencyFigures(
			`${what}: time to its run begins`,
			rows.map(({ written }) => written),
		),
		...latencyFigures(
			`${what}: time to dispatch`,
			rows.map(({ leased }) => leased),
		),
		memory,
	];
};

/** How late schedules run: ten thousand whose times are spread, and ten thousand of the same minute. */
export const scheduleTicks: Benchmark = {
	name: 'schedules',
	title: 'Schedules: from the time to the dispatch of its task',
	async run({ scale }) {
		const count = Math.round(10_000 * scale);
		const every = 10 * MINUTE_MS;
		const spread =
			(from: number): Times =>
			(i) => ({
				everyMs: every,
				// Whole seconds, as the room has them: about seventeen of each second.
				nextAt: from + Math.floor((i * every) / count / 1_000) * 1_000,
			});
		const runs = Math.floor(count / 10);
		return [
			...(await measure(count, runs, spread, `${count} schedules, spread over ten minutes`)),
			...(await measure(count, count, () => () => ({ cron: '* * * * *' }), `${count} schedules of one minute`)),
		];
	},
};
