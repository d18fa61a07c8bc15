import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { rounds } from '../support/chaos-length.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import { lookInto } from '../support/look-into.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { startCoordinator } from '../support/start-coordinator.ts';
import { waitFor } from '../support/wait-for.ts';

const KILLS = rounds(2, 100);
const PEOPLE = ['anna', 'bert', 'cleo'];
const EACH = 200;
const SCHEDULES = PEOPLE.length * EACH;
const EVERY_MS = 10_000;

interface Run {
	schedule: number;
	anchor: number;
	nominal: number;
	outcome: string;
	job: number | null;
	tasks: number;
}

/** All at one moment, and none before, so that a tick takes several transactions and is easily hit in the midst of it. */
const inStep = (data: string): void => {
	const db = new Database(join(data, 'ledger.db'));
	const at = Math.ceil(Date.now() / 1_000) * 1_000;
	db.prepare(`UPDATE schedules SET state = 'active', anchor_at = @at, next_at = @at + every_ms`).run({ at });
	db.close();
};

test(`S1: ${KILLS} kills at the tick, and each time of ${SCHEDULES} schedules has run once or is told as missed`, async (context) => {
	const random = seededRandom(context);
	await using coordinator = await startCoordinator();
	const { data } = coordinator;
	for (const name of PEOPLE) {
		const person = await coordinator.newUser(name);
		const schedule = { every: EVERY_MS, type: 'noop', overlap: 'cancel-old', misfire: 'once', paused: true };
		await Promise.all(
			Array.from({ length: EACH }, (_, i) => person.post('/schedules', { name: `s${i}`, ...schedule })),
		);
	}
	await coordinator.stop();
	inStep(data);
	await coordinator.restart();

	const count = (sql: string, ...values: number[]) => lookInto<{ n: number }>(data, sql, ...values)[0]?.n ?? 0;
	const hits = { before: 0, midst: 0, after: 0 };
	for (let kill = 0; kill < KILLS; kill += 1) {
		const next = count('SELECT min(next_at) AS n FROM schedules WHERE next_at > ?', Date.now() + 200);
		// The moment itself is what is tried: anywhere from just before to when all has been written.
		await pause(next - Date.now() + random.between(0, 150));
		await coordinator.kill();
		const fired = count('SELECT count(*) AS n FROM schedule_runs WHERE nominal_at = ?', next);
		hits[fired === 0 ? 'before' : fired < SCHEDULES ? 'midst' : 'after'] += 1;
		await coordinator.restart();
	}
	const last = count('SELECT max(next_at) AS n FROM schedules');
	const done = () => count('SELECT count(*) AS n FROM schedule_runs WHERE nominal_at = ?', last);
	await waitFor('one more whole tick', () => done() === SCHEDULES, { withinMs: 60_000, lastSeen: done });
	await coordinator.stop();

	const runs = lookInto<Run>(
		data,
		`SELECT r.schedule_seq AS schedule, s.anchor_at AS anchor, r.nominal_at AS nominal, r.outcome, r.job_seq AS job,
		        (SELECT count(*) FROM tasks WHERE job_seq = r.job_seq) AS tasks
		 FROM schedule_runs r JOIN schedules s ON s.seq = r.schedule_seq ORDER BY r.schedule_seq, r.nominal_at`,
	);
	const ofSchedules = new Map<number, Run[]>();
	for (const run of runs) ofSchedules.set(run.schedule, [...(ofSchedules.get(run.schedule) ?? []), run]);
	expect(ofSchedules.size).toBe(SCHEDULES);
	let missed = 0;
	for (const [schedule, own] of ofSchedules) {
		for (const [i, run] of own.entries()) {
			// A time that is missing stands in the row of one that was missed after it.
			const wanted = i === 0 ? run.anchor + EVERY_MS : own[i - 1]!.nominal + EVERY_MS;
			if (run.nominal !== wanted) expect(run.outcome, `schedule ${schedule} at ${run.nominal}`).toBe('missed');
			expect(run.nominal).toBeGreaterThanOrEqual(wanted);
			if (run.outcome === 'missed') missed += 1;
			else expect(run, `schedule ${schedule}`).toMatchObject({ outcome: 'started', tasks: 1 });
		}
	}
	const started = runs.flatMap(({ job }) => job ?? []);
	expect(new Set(started).size, 'each has a job of its own').toBe(started.length);
	const [made] = lookInto<{ jobs: number; tasks: number }>(
		data,
		'SELECT (SELECT count(*) FROM jobs) AS jobs, (SELECT count(*) FROM tasks WHERE job_seq IS NOT NULL) AS tasks',
	);
	expect(made, 'none was made by a tick that did not come about').toEqual({
		jobs: started.length,
		tasks: started.length,
	});
	console.log(
		`S1: ${KILLS} kills, of which before, amid and after the writing: ${Object.values(hits).join(', ')}; ` +
			`${runs.length} times, ${started.length} ran once each, ${missed} told as missed`,
	);
	await checkInvariants({ data, settled: false });
});
