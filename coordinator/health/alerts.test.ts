import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CheckState, HealthCheck } from '../../shared/protocol/health.ts';
import { JobsRoom } from '../../test/support/jobs-room.ts';
import { createLogger } from '../report/logger.ts';
import { Alerts } from './alerts.ts';
import { Beginnings } from './beginnings.ts';
import { dueAlerts, isQuiet, type Told } from './due-alerts.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const check = (state: CheckState, sinceMinute = 0): HealthCheck => ({
	...{ name: 'disk', state, what: 'It is so.', do: state === 'ok' ? null : 'Do that.' },
	since: new Date(sinceMinute * MINUTE).toISOString(),
});

describe('what is told of a check', () => {
	/** Goes through states at times, in minutes, and gives what was told. */
	const alertsOf = (steps: [minute: number, state: CheckState, quiet?: boolean][]) => {
		const last = new Map<string, Told>();
		const beginnings = new Beginnings();
		let was: { state: CheckState; since: number } | null = null;
		return steps.flatMap(([minute, state, quiet = false]) => {
			was = was?.state === state ? was : { state, since: minute };
			const checks = [check(state, was.since)];
			const at = minute * MINUTE;
			beginnings.note(checks, at);
			const due = dueAlerts(checks, last, { at, quiet, begun: (name) => beginnings.count(name) });
			for (const { name, told, toldAt, comesAndGoes } of due) last.set(name, { told, toldAt, comesAndGoes });
			return due.map(({ title, text }) => ({ minute, title, text }));
		});
	};
	const told = (steps: Parameters<typeof alertsOf>[0]): string[] =>
		alertsOf(steps).map(({ minute, title }) => `${minute}: ${title}`);

	it('is its beginning, that it gets worse, and its end, once each', () => {
		expect(
			told([
				[0, 'ok'],
				[1, 'warn'],
				[2, 'warn'],
				[3, 'fail'],
				[4, 'fail'],
				[5, 'warn'],
				[20, 'ok'],
				[24, 'ok'],
				[25, 'ok'],
				[26, 'ok'],
			]),
		).toEqual(['1: disk warns', '3: disk fails', '25: disk is well again']);
	});

	it('is at once what fails again just after it was well again, and since when', () => {
		const steps: [number, CheckState][] = [
			...([
				[0, 'fail'],
				[1, 'ok'],
				[6, 'ok'],
				[7, 'fail'],
			] as [number, CheckState][]),
		];
		expect(alertsOf(steps)).toEqual([
			{ minute: 0, title: 'disk fails', text: 'It is so. Since 1970-01-01 00:00 UTC. Do that.' },
			{ minute: 6, title: 'disk is well again', text: 'It is so. Since 1970-01-01 00:01 UTC.' },
			{ minute: 7, title: 'disk fails', text: 'It is so. Since 1970-01-01 00:07 UTC. Do that.' },
		]);
	});

	it('is once that it comes and goes, however often it does, until it has been well for long', () => {
		const steps = Array.from({ length: 60 }, (_, i): [number, CheckState] => [i, i % 2 ? 'fail' : 'ok']);
		const over: [number, CheckState][] = [60, 119, 120, 121].map((minute) => [minute, 'ok']);
		const first = ['1: disk fails', '5: disk comes and goes'];
		expect(told([...steps, ...over, [122, 'fail']])).toEqual([...first, '120: disk is well again', '122: disk fails']);
		const [, often] = alertsOf(steps);
		expect(often?.text).toContain('It began 3 times within an hour');
		// One that gets worse is told all the same.
		expect(
			told([...steps.map(([i, state]): [number, CheckState] => [i, state === 'fail' ? 'warn' : state]), [61, 'fail']]),
		).toEqual([...['1: disk warns', '5: disk comes and goes', '61: disk fails']]);
	});

	it('is said again once a day while it lasts', () => {
		const steps = Array.from({ length: 49 }, (_, i): [number, CheckState] => [i * 60, 'fail']);
		expect(told(steps)).toEqual(['0: disk fails', '1440: disk still fails', '2880: disk still fails']);
	});

	it('waits for the end of quiet hours, unless it fails', () => {
		expect(
			told([
				[0, 'warn', true],
				[1, 'warn', true],
				[2, 'warn'],
			]),
		).toEqual(['2: disk warns']);
		expect(told([[0, 'fail', true]])).toEqual(['0: disk fails']);
	});

	it('is nothing of what is not set up', () => {
		expect(
			told([
				[0, 'off'],
				[1, 'ok'],
				[2, 'off'],
			]),
		).toEqual([]);
	});

	it('knows quiet hours over midnight', () => {
		const night = { from: 22 * 60, to: 7 * 60 };
		expect([21, 22, 23, 0, 6, 7].map((hour) => isQuiet(night, hour * 60))).toEqual([
			false,
			true,
			true,
			true,
			true,
			false,
		]);
		expect([8, 9, 16, 17].map((hour) => isQuiet({ from: 540, to: 1_020 }, hour * 60))).toEqual([
			false,
			true,
			true,
			false,
		]);
	});
});

describe('alerts', () => {
	let room: JobsRoom;
	beforeEach(async () => {
		room = await JobsRoom.open();
		room.db.exec(`UPDATE users SET role = 'administrator' WHERE seq = 2`);
	});
	afterEach(() => room[Symbol.asyncDispose]());

	const view = (state: 'ok' | 'fail', at: number) => ({
		...{ state, at: new Date(at).toISOString(), version: '1', checks: [check(state)] },
	});
	const notices = () => room.db.prepare('SELECT owner_seq, title, text FROM notices ORDER BY seq').raw().all();

	it('go by one mail for all that changes at once, but for what is wrong with mails themselves', async () => {
		let woken = 0;
		const alerts = new Alerts({
			...{ ledger: room.ledger, logger: createLogger('silent'), quiet: null, place: 'here', startedAt: 0 },
			wake: () => {
				woken += 1;
			},
		});
		const checks = ['disk', 'chores', 'mail'].map((name) => ({ ...check('fail'), name: name as HealthCheck['name'] }));
		const looked = async (minute: number, told: HealthCheck[]) => {
			alerts.looked({ ...view('fail', minute * MINUTE), checks: told });
			await alerts.settled();
		};
		const mails = () => room.db.prepare('SELECT subject FROM mails ORDER BY seq').pluck().all();
		await looked(2, checks.slice(0, 1));
		expect(mails()).toEqual([]);
		room.db.exec(
			`INSERT INTO mail (version, host, port, tls, sender, recipients) VALUES (1, 'h', 25, 'none', 'a@b', '["c@d"]')`,
		);
		await looked(20, [check('ok', 15), ...checks.slice(1)]);
		expect(mails()).toEqual(['Millrace: 2 checks have changed (here)']);
		await looked(21, [check('ok', 15), ...checks.slice(1)]);
		await looked(40, [check('ok'), ...checks.slice(1).map((one) => ({ ...one, state: 'ok' as const }))]);
		expect(mails().slice(1)).toEqual(['Millrace: chores is well again (here)']);
		expect(woken).toBe(2);
		expect(await alerts.test({ actor: 'usr_b', address: '' })).toEqual({ administrators: 1, webhooks: 0, mail: true });
		expect(mails().slice(2)).toEqual(['Millrace: A test of the alerts (here)']);
		expect(room.count(`SELECT count(*) FROM audit_log WHERE action = 'alerts.test'`)).toBe(1);
	});

	it('reach administrators, not at once after a start, and not again after the next one', async () => {
		const open = () => {
			const logger = createLogger('silent');
			return new Alerts({ ledger: room.ledger, logger, quiet: null, wake: () => {}, place: 'here', startedAt: 0 });
		};
		const first = open();
		first.looked(view('fail', MINUTE / 2));
		await first.settled();
		expect(notices()).toEqual([]);
		first.looked(view('fail', 2 * MINUTE));
		await first.settled();
		const [told] = notices();
		expect(notices()).toEqual([[2, 'disk fails', 'It is so. Since 1970-01-01 00:00 UTC. Do that.']]);
		const second = open();
		second.looked(view('fail', HOUR));
		await second.settled();
		expect(notices()).toEqual([told]);
		second.looked(view('ok', 2 * HOUR));
		await second.settled();
		expect(notices()).toEqual([told, [2, 'disk is well again', 'It is so. Since 1970-01-01 00:00 UTC.']]);
	});

	it('leave to be read how a check is now, in the order in which it was told', async () => {
		const alerts = new Alerts({
			...{
				ledger: room.ledger,
				logger: createLogger('silent'),
				quiet: null,
				wake: () => {},
				place: 'here',
				startedAt: 0,
			},
		});
		for (const [minute, state, since] of [
			[2, 'fail', 2],
			[10, 'ok', 5],
			[20, 'fail', 20],
			[30, 'ok', 25],
		] as const) {
			alerts.looked({ ...view(state, minute * MINUTE), checks: [check(state, since)] });
			await alerts.settled();
		}
		const titles = 'SELECT title, read_at IS NULL, count FROM notices ORDER BY seq DESC';
		expect(room.db.prepare(titles).raw().all()).toEqual([
			['disk is well again', 1, 1],
			['disk fails', 0, 1],
			['disk is well again', 0, 1],
			['disk fails', 0, 1],
		]);
	});
});
