import { expect, test } from 'vitest';
import type { ScheduleRunView, ScheduleView } from '../../shared/protocol/schedule.ts';
import type { Api } from '../support/api.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import { LiveFeed } from '../support/live-feed.ts';
import { Millrace } from '../support/millrace.ts';
import { startAgent } from '../support/start-agent.ts';
import { startCoordinator } from '../support/start-coordinator.ts';
import { waitFor } from '../support/wait-for.ts';

const runsOf = async (api: Api, id: string) =>
	(await api.get<{ items: ScheduleRunView[] }>(`/schedules/${id}/runs`)).items;

test('a schedule over HTTP: made, run at its time on an agent, run by hand, paused, changed, deleted', async () => {
	await using coordinator = await startCoordinator({ env: { MILLRACE_CHECK_ANSWERS: '1' } });
	await using agent = await startAgent(coordinator, { concurrency: 2 });
	const anna = await coordinator.newUser('anna');
	using feed = await LiveFeed.open(anna, ['tasks', 'things']);
	const told = (id: string, gone = false) =>
		feed.patches.some((patch) => patch.kind === 'thing' && patch.id === id && patch.gone === gone);
	const made = await anna.post<ScheduleView>('/schedules', {
		...{ name: 'morning', cron: '30 7 * * *', timeZone: 'Europe/London' },
		...{ type: 'noop', parameters: { echo: 'hello' }, inputs: [] },
	});
	expect(made.id).toMatch(/^sch_/);
	expect(made.nextRuns).toHaveLength(10);
	const often = await anna.post<ScheduleView>('/schedules', { name: 'often', every: 10_000, type: 'noop' });

	const byHand = await anna.post<ScheduleRunView>(`/schedules/${made.id}:run`);
	expect(byHand).toMatchObject({ kind: 'manual', outcome: 'started' });
	await feed.tasks(byHand.job!.tasks, 30_000);
	const ended = await waitFor('the job to be told as done', async () => {
		const [run] = await runsOf(anna, made.id);
		return run?.job?.state === 'done' && run;
	});
	await waitFor('the schedule and its job to be told', () => told(made.id) && told(ended.job!.id));
	expect(await anna.get(`/tasks/${ended.job!.tasks[0]}`)).toMatchObject({
		state: 'succeeded',
		result: { echo: 'hello' },
	});

	const ticked = await waitFor(
		'its time',
		async () => {
			const [run] = await runsOf(anna, often.id);
			return run?.job?.state === 'done' && run;
		},
		{ withinMs: 30_000 },
	);
	expect(ticked).toMatchObject({ kind: 'tick', outcome: 'started', nominalAt: often.nextRunAt });

	expect(await anna.post(`/schedules/${often.id}:pause`, { reason: 'enough' })).toMatchObject({ state: 'paused' });
	expect(await anna.post(`/schedules/${often.id}:resume`)).toMatchObject({ state: 'active', reason: null });
	const draft = { name: 'evening', cron: '0 19 * * 1-5', timeZone: 'America/New_York', type: 'noop' };
	const changed = await anna.json<ScheduleView>('PUT', `/schedules/${made.id}`, draft, { 'if-match': '"1"' });
	expect(changed).toMatchObject({
		version: 2,
		sentence: 'every weekday (Monday to Friday) at 19:00, America/New_York',
	});
	await expect(anna.json('PUT', `/schedules/${made.id}`, draft, { 'if-match': '"1"' })).rejects.toMatchObject({
		...{ status: 412, code: 'precondition-failed' },
	});
	expect(await anna.post('/schedules:preview', { cron: '@hourly' })).toMatchObject({ sentence: 'every hour' });
	await expect(anna.post('/schedules', { ...draft, every: 60_000 })).rejects.toMatchObject({ status: 422 });
	await expect(anna.post('/schedules', { ...draft, timeZone: 'Mars/Olympus' })).rejects.toMatchObject({
		...{ status: 422, code: 'unknown-time-zone' },
	});
	const { id: recipe } = await anna.post<{ id: string }>('/recipes', { name: 'nothing', steps: [{ type: 'noop' }] });
	const whole = { name: 'recipe', cron: '@yearly', recipe };
	const ofRecipe = await anna.post<ScheduleView>('/schedules', whole);
	expect(ofRecipe).toMatchObject({ recipe, spread: 'each' });
	const ran = await anna.post<ScheduleRunView>(`/schedules/${ofRecipe.id}:run`);
	expect(await anna.get(`/jobs/${ran.job!.id}`)).toMatchObject({ cause: 'schedule', recipe, recipeVersion: 1 });
	await feed.tasks(ran.job!.tasks, 30_000);
	await expect(anna.post('/schedules', { ...whole, name: 'both', type: 'noop' })).rejects.toMatchObject({
		...{ status: 422, message: expect.stringContaining('give one of type, recipe') },
	});
	await expect(anna.post('/schedules', { ...whole, name: 'odd', inputs: [] })).rejects.toMatchObject({
		...{ status: 422, message: expect.stringContaining('does not go with recipe') },
	});
	await expect(anna.json('DELETE', `/recipes/${recipe}`)).rejects.toMatchObject({ code: 'recipe-in-use' });
	await anna.json('DELETE', `/schedules/${often.id}`);
	await expect(anna.get(`/schedules/${often.id}`)).rejects.toMatchObject({ status: 404 });
	await waitFor('that it is gone to be told', () => told(often.id, true));
	expect(await agent.stop()).toEqual({ code: 0, signal: null });
	await coordinator.stop();
	await checkInvariants({ data: coordinator.data });
});

test('other people’s schedules: not there for users; operators see and pause them, and change nothing', async () => {
	await using coordinator = await startCoordinator();
	const [anna, bert] = [await coordinator.newUser('anna'), await coordinator.newUser('bert')];
	const olga = await coordinator.newUser('olga', 'operator');
	const draft = { name: 'daily', cron: '@daily', type: 'noop' };
	const { id } = await anna.post<ScheduleView>('/schedules', draft);
	const status = (call: Promise<unknown>) =>
		call.then(
			() => 200,
			(error: { status: number }) => error.status,
		);
	for (const [api, expected] of [
		[bert, 404],
		[olga, 403],
	] as const) {
		expect(await status(api.json('PUT', `/schedules/${id}`, draft))).toBe(expected);
		expect(await status(api.json('DELETE', `/schedules/${id}`))).toBe(expected);
		expect(await status(api.post(`/schedules/${id}:run`))).toBe(expected);
	}
	for (const path of [`/schedules/${id}`, `/schedules/${id}/runs`]) {
		expect(await status(bert.get(path))).toBe(404);
		expect(await status(olga.get(path))).toBe(200);
	}
	expect(await status(bert.post(`/schedules/${id}:pause`))).toBe(404);
	expect(await status(bert.get('/schedules?owner=all'))).toBe(403);
	expect((await bert.get<{ items: [] }>('/schedules')).items).toEqual([]);
	expect((await olga.get<{ items: [] }>('/schedules?owner=all')).items).toMatchObject([{ id }]);
	expect(await olga.post(`/schedules/${id}:pause`, { reason: 'night shift' })).toMatchObject({ state: 'paused' });
	expect(await olga.post(`/schedules/${id}:resume`)).toMatchObject({ state: 'active' });
});

test('by the command line: made, shown, listed, run, paused, deleted', async () => {
	await using coordinator = await startCoordinator();
	await using millrace = Millrace.of(coordinator);
	const said = async (...argv: string[]) => {
		const { code, stdout, stderr } = await millrace.here(['schedules', ...argv]);
		expect(code, stderr).toBe(0);
		return stdout;
	};
	const { file } = await coordinator.api.upload('/report.txt', 'text');
	const times = ['--cron', '30 7 * * *', '--zone', 'Europe/London'];
	expect(await said('create', 'morning', 'md5', '/report.txt', ...times, '--overlap', 'queue')).toMatch(
		/^morning: every day at 07:30, Europe\/London\. It runs next at 20/,
	);
	await said('create', 'often', 'noop', '--every', '10m', '--param', 'sleepMs=5', '--paused');
	expect(await said('list')).toMatch(
		/NAME +STATE +NEXT RUN +LAST RUN +WHEN\nmorning +active .*\noften +paused +never +every 10 min/,
	);
	const shown = await millrace.json<ScheduleView>(['schedules', 'show', 'often']);
	expect(shown).toMatchObject({ type: 'noop', parameters: { sleepMs: 5 }, every: 600_000, state: 'paused' });
	expect(await said('show', 'Morning')).toContain(file.id);
	const started = /^The run is started\. Its job is (job_\w+): millrace job \1\n$/;
	expect(await said('run', 'morning')).toMatch(started);
	expect(await said('run', shown.id)).toMatch(started);
	expect(await said('runs', 'morning')).toMatch(/manual +started +job_\w+ running +1/);
	expect(await said('pause', 'morning', '--reason', 'holiday')).toBe('morning is paused.\n');
	expect(await said('show', 'morning')).toContain('paused: holiday');
	expect(await said('resume', 'morning')).toMatch(/^morning is active; it runs next at /);
	const [basics, out] = [
		['--recipe', 'Image basics', '--over', '/'],
		['--type', 'image/*', '--results', '/out'],
	];
	await said('create', 'pictures', ...basics, ...out, '--every', '1h');
	expect(await said('show', 'pictures')).toMatch(/what: +the recipe rcp_.* over image\/\* in \/ and below\n/);
	expect((await millrace.run(['schedules', 'create', 'both', 'md5', ...basics, ...times])).code).toBe(2);
	expect(await said('delete', 'often')).toBe('It is deleted.\n');
	expect(await said('preview', '--cron', '@daily', '--zone', 'UTC')).toMatch(
		/^every day at 00:00, UTC\n( {2}\d{4}-.*\n){10}$/,
	);
	expect((await millrace.here(['schedules', 'show', 'often'])).code).toBe(4);
	expect((await millrace.here(['schedules', 'create', 'never', 'noop'])).code).toBe(2);
	expect((await millrace.here(['schedules', 'create', 'odd', 'noop', '--every', '3s'])).code).toBe(2);
	const never = await millrace.here(['schedules', 'create', 'never', 'noop', '--cron', '0 0 30 2 *']);
	expect([never.code, never.stderr]).toEqual([1, expect.stringContaining('That time never comes')]);
});
