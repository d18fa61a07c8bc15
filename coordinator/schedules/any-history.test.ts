import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SchedulesRoom } from '../../test/support/schedules-room.ts';
import { SYSTEM } from '../audit/doer.ts';
import { nextTimes } from './next-time.ts';
import { ruleOf, type ScheduleRow } from './schedule-row.ts';

const MINUTE = 60_000;

type Step =
	| { do: 'pass' | 'jump back' | 'sleep'; ms: number }
	| { do: 'end'; state: 'succeeded' | 'failed' }
	| { do: 'pause' | 'resume' | 'run' | 'kill' };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
	{
		weight: 8,
		arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 20 * MINUTE }) }),
	},
	{
		weight: 2,
		arbitrary: fc.record({ do: fc.constant('jump back' as const), ms: fc.integer({ min: 1, max: 60 * MINUTE }) }),
	},
	{
		weight: 2,
		arbitrary: fc.record({ do: fc.constant('sleep' as const), ms: fc.integer({ min: 1, max: 200 * MINUTE }) }),
	},
	{
		weight: 4,
		arbitrary: fc.record({ do: fc.constant('end' as const), state: fc.constantFrom('succeeded', 'failed') }),
	},
	{ weight: 3, arbitrary: fc.record({ do: fc.constantFrom('pause', 'resume', 'run', 'kill') }) },
);
const anySchedule = fc.record({
	cron: fc.constantFrom('*/10 * * * *', '5,35 * * * *', '*/7 1-5 * * *'),
	misfire: fc.constantFrom('skip' as const, 'once' as const),
	overlap: fc.constantFrom('skip' as const, 'queue' as const, 'cancel-old' as const),
	pauseAfter: fc.constantFrom(0, 2),
});

/** The ledger's word on what must hold after each step, whatever has happened. */
const check = (room: SchedulesRoom): void => {
	const found = (sql: string) => room.jobs.db.prepare(sql).all();
	expect(found('SELECT nominal_at FROM schedule_runs GROUP BY schedule_seq, nominal_at HAVING count(*) > 1')).toEqual(
		[],
	);
	// Each run that started has a job of its own with one task, and there are no others.
	expect(room.count(`SELECT count(DISTINCT job_seq) FROM schedule_runs WHERE outcome = 'started'`)).toBe(
		room.count('SELECT count(*) FROM jobs'),
	);
	expect(found('SELECT seq FROM jobs WHERE tasks <> 1')).toEqual([]);
	expect(room.count(`SELECT count(*) FROM schedule_runs WHERE outcome = 'queued'`)).toBeLessThanOrEqual(1);
	// Two of one schedule never run at once; what gives way has been cancelled.
	expect(room.count('SELECT count(*) FROM jobs WHERE finished_at IS NULL')).toBeLessThanOrEqual(1);
	// What waits for an end that has come would wait for ever.
	const [stuck] = found(
		`SELECT 1 FROM schedule_runs WHERE outcome = 'queued' AND NOT EXISTS (SELECT 1 FROM jobs WHERE finished_at IS NULL)`,
	);
	expect(stuck).toBeUndefined();
};

test('whatever happens, each time runs once at most, and while it is awake none is left out', async () => {
	await fc.assert(
		fc.asyncProperty(anySchedule, fc.array(anyStep, { maxLength: 30 }), async (fields, steps) => {
			await using room = await SchedulesRoom.open('2026-03-29T00:00:00Z');
			const { id } = await room.create(fields);
			const row = () =>
				room.jobs.db
					.prepare('SELECT cron, time_zone AS timeZone, state, next_at AS nextAt FROM schedules')
					.get() as ScheduleRow;
			const known = () =>
				new Set(room.jobs.db.prepare('SELECT nominal_at FROM schedule_runs').pluck().all() as number[]);
			for (const step of steps) {
				if (step.do === 'pass') {
					const from = room.now;
					const end = from + step.ms;
					const { nextAt, state } = row();
					// After the clock was set back it goes on where it was, as what ran does not run again.
					const due = nextTimes(ruleOf(row()), from, 100).filter((at) => at >= (nextAt ?? 0) && at <= end);
					// Awake: it looks at each time when that comes.
					for (const at of due) await room.at(at);
					await room.at(end);
					if (state === 'active' && row().state === 'active') expect([...known()]).toEqual(expect.arrayContaining(due));
				} else if (step.do === 'sleep') await room.at(room.now + step.ms);
				else if (step.do === 'jump back') await room.at(room.now - step.ms);
				else if (step.do === 'end') await room.end(step.state);
				else if (step.do === 'pause') await room.schedules.pause(id, undefined, SYSTEM);
				else if (step.do === 'resume') await room.schedules.resume(id, SYSTEM);
				else if (step.do === 'run') await room.schedules.runNow(id, SYSTEM);
				else await room.restart();
				await room.settled();
				check(room);
			}
		}),
		{ numRuns: 10 },
	);
});
