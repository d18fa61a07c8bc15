import { pino } from 'pino';
import { SYSTEM } from '../../coordinator/audit/doer.ts';
import type { Ledger } from '../../coordinator/database/ledger.ts';
import { Happenings } from '../../coordinator/happenings/happenings.ts';
import { openSchedules } from '../../coordinator/schedules/open-schedules.ts';
import { type NewSchedule, newScheduleSchema, type ScheduleView } from '../../shared/protocol/schedule.ts';
import { JobsRoom } from './jobs-room.ts';

type Room = ReturnType<typeof openSchedules>;

/** Schedules with real rooms and a real ledger, by a clock that stands still until it is set. */
export class SchedulesRoom implements AsyncDisposable {
	readonly jobs: JobsRoom;
	now: number;
	happenings!: Happenings;
	/** A process that dies before it has begun to feed what it has committed. */
	diesBeforeFeeding = false;
	#room!: Room;

	private constructor(jobs: JobsRoom, now: number) {
		this.jobs = jobs;
		this.now = now;
	}

	/** `at`: an ISO time that the clock shows. */
	static async open(at = '2026-01-05T07:00:00Z'): Promise<SchedulesRoom> {
		const room = new SchedulesRoom(await JobsRoom.open(), Date.parse(at));
		await room.#open(room.jobs.ledger);
		return room;
	}

	get schedules(): Room['schedules'] {
		return this.#room.schedules;
	}

	get ticker(): Room['ticker'] {
		return this.#room.ticker;
	}

	get launcher(): Room['launcher'] {
		return this.#room.launcher;
	}

	/** A process that is there from now on; before it there was one that was killed. */
	async restart(ledger: Ledger = this.jobs.ledger): Promise<void> {
		await this.close();
		await this.#open(ledger);
		await this.settled();
	}

	/** As if the process had been killed: nobody looks any more. */
	async close(): Promise<void> {
		await this.#room[Symbol.asyncDispose]();
		await this.happenings[Symbol.asyncDispose]();
	}

	/** Sets the clock and looks what is due. */
	async at(time: number | string): Promise<void> {
		this.now = typeof time === 'number' ? time : Date.parse(time);
		this.ticker.wake();
		await this.settled();
	}

	async settled(): Promise<void> {
		await this.ticker.settled();
		this.happenings.kick();
		await this.happenings.settled();
		await this.ticker.settled();
		await this.launcher.settled();
	}

	create(schedule: Partial<NewSchedule> = {}, ownerSeq = 1, key: string | null = null): Promise<ScheduleView> {
		const times = schedule.every === undefined ? { cron: '30 7 * * *', timeZone: 'Europe/London' } : {};
		const whole = newScheduleSchema.parse({ name: 'daily', type: 'noop', ...times, ...schedule });
		const idempotency = key === null ? null : { key, requestHash: Buffer.from(JSON.stringify(schedule)) };
		return this.schedules.create({ seq: ownerSeq, role: 'user' }, whole, idempotency, SYSTEM);
	}

	/** What became of the times, oldest first: `tick started` and so on. */
	async runs(id: string): Promise<string[]> {
		const { items } = await this.schedules.runs(id, { limit: 1_000 });
		return items.map(({ kind, outcome, nominalAt }) => `${nominalAt.slice(5, 16)} ${kind} ${outcome}`).reverse();
	}

	/** Ends the open tasks of all jobs in the ledger, and lets what follows from it happen. */
	async end(state: 'succeeded' | 'failed'): Promise<void> {
		this.jobs.db
			.prepare(
				`UPDATE tasks SET state = ?, finished_at = 1, lease_token = NULL, queued_at = coalesce(queued_at, 1)
				 WHERE finished_at IS NULL`,
			)
			.run(state);
		await this.settled();
	}

	count(sql: string): number {
		return this.jobs.count(sql);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.close();
		await this.jobs[Symbol.asyncDispose]();
	}

	async #open(ledger: Ledger): Promise<void> {
		const { submissions, policies, queue, processing } = this.jobs;
		const logger = pino({ level: 'silent' });
		this.happenings = new Happenings({ ledger, logger });
		this.#room = openSchedules({
			...{ ledger, logger, submissions, policies, jobs: processing.wishes },
			happenings: this.happenings,
			line: {
				accepted: (submitted, tasks, now) => queue.accepted(submitted, tasks, now),
				feed: (seqs) => this.diesBeforeFeeding || processing.feeder.feed(seqs),
				cancel: (seq) => queue.steering.cancelOwn(seq, { overIsFine: true }),
			},
			mayNameAny: (role) => role !== 'user',
			now: () => this.now,
		});
		await this.#room.start();
	}
}
