import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TaskDetail } from '../../shared/protocol/task.ts';
import type { StayInLine, TaskDecisions } from '../../shared/protocol/task-decisions.ts';
import type { Api } from '../support/api.ts';
import { lookInto } from '../support/look-into.ts';
import { builtFile } from '../support/repository.ts';
import { runMillrace } from '../support/run-millrace.ts';
import { runToEnd } from '../support/run-to-end.ts';
import { type RunningAgent, startAgent } from '../support/start-agent.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';
import { TempFolder } from '../support/temp-folder.ts';
import { waitFor } from '../support/wait-for.ts';

interface Replayed {
	epochs: { epoch: number; events: number; decisions: number; difference: unknown; missingFrom: number | null }[];
}

let coordinator: RunningCoordinator;
let agents: RunningAgent[] = [];

beforeAll(async () => {
	coordinator = await startCoordinator();
	agents = [await startAgent(coordinator, { concurrency: 1 }), await startAgent(coordinator, { concurrency: 1 })];
});
afterAll(async () => {
	for (const agent of agents) await agent[Symbol.asyncDispose]();
	await coordinator[Symbol.asyncDispose]();
});

const replay = async (): Promise<Replayed> => {
	const argv = [process.execPath, builtFile('coordinator/main.js'), 'journal', 'replay'];
	return JSON.parse(await runToEnd([...argv, '--data', coordinator.data, '--json']));
};
const submit = async (person: Api, count: number): Promise<string[]> => {
	const tasks = Array.from({ length: count }, () => ({ type: 'noop', parameters: { sleepMs: 5 } }));
	return (await person.post<{ ids: string[] }>('/tasks:batch', { tasks })).ids;
};
const finished = async (person: Api): Promise<TaskDetail[]> =>
	(await person.get<{ items: TaskDetail[] }>('/tasks?state=succeeded&limit=1000')).items;

test('decisions can be made again after kill -9, and a task that was passed over knows who went first', async () => {
	const people = await Promise.all(['anna', 'bert', 'cleo'].map((name) => coordinator.newUser(name)));
	const [anna, bert, cleo] = people as [Api, Api, Api];
	await submit(anna, 120);
	await waitFor('the first to be under way', async () => (await finished(anna)).length > 10);
	await submit(bert, 150);
	const last = (await submit(cleo, 150)).at(-1)!;
	const tell = () => coordinator.api.get<TaskDecisions>(`/admin/tasks/${last}/decisions`);
	const bySelfAndBert = ['bert person-used-less', 'cleo own-earlier'];
	const rulesOf = (stay: StayInLine) => stay.wentFirst.map(({ person, rule }) => `${person} ${rule}`);
	// A story brings the journal to disk first: so what it tells survives the kill.
	const early = await waitFor('others to have gone first', async () => {
		const { stays } = await tell();
		return bySelfAndBert.every((one) => rulesOf(stays[0]!).includes(one)) && stays;
	});
	expect(early).toMatchObject([{ left: 'waits', to: null, isExact: true }]);

	await coordinator.kill();
	await coordinator.restart();

	await waitFor('the last', async () => (await cleo.get<TaskDetail>(`/tasks/${last}`)).state === 'succeeded');
	const story = await tell();
	expect(story).toMatchObject({ task: last, gaps: [], isCut: false });
	expect(story.stays.map(({ came, left, isExact }) => ({ came, left, isExact }))).toEqual([
		{ came: 'arrived', left: 'coordinator-stopped', isExact: true },
		{ came: 'coordinator-started', left: 'started', isExact: true },
	]);
	const [before, after] = story.stays;
	expect(before!.ahead!.own).toBeGreaterThan(0);
	expect(rulesOf(before!)).toEqual(expect.arrayContaining(bySelfAndBert));
	expect(after!.passedOver.length).toBeGreaterThan(0);
	expect(after!.passedOver[0]).toMatchObject({ queue: 'normal', sentence: expect.stringMatching(/\.$/) });
	expect(after!.start).toMatchObject({
		node: expect.stringMatching(/^agent-/),
		sentence: expect.stringMatching(/next/),
	});
	expect(after!.end!.costMs).toBeGreaterThan(0);

	await using home = new TempFolder();
	const token = await coordinator.api.post<{ token: string }>('/tokens', { name: 'cli', scopes: ['admin'] });
	const env = { MILLRACE_URL: coordinator.url, MILLRACE_TOKEN: token.token };
	const told = await runMillrace(['admin', 'explain', last], { home: home.path, env });
	expect(told).toMatchObject({ code: 0 });
	expect(told.stdout).toMatch(/bert +standard +normal +its person had used less/);
	expect(told.stdout).toMatch(/It started on agent-\d/);

	// Beside the coordinator that runs, and after it has ended.
	const running = await replay();
	expect(running.epochs.map(({ difference }) => difference)).toEqual([null, null]);
	for (const agent of agents) await agent.stop();
	await coordinator.stop();
	const { epochs } = await replay();
	expect(epochs.map(({ difference, missingFrom }) => ({ difference, missingFrom }))).toEqual([
		{ difference: null, missingFrom: null },
		{ difference: null, missingFrom: null },
	]);
	const [attempts] = lookInto(coordinator.data, 'SELECT count(*) AS n FROM attempts') as { n: number }[];
	const decisions = epochs.reduce((sum, epoch) => sum + epoch.decisions, 0);
	// The second before the kill is not in it; after it nothing is lost.
	expect(decisions).toBeLessThanOrEqual(attempts!.n + 2);
	expect(epochs[1]!.decisions).toBeGreaterThan(50);
});

test('who may not see other people’s tasks may not ask for their story', async () => {
	if (!coordinator.process.isRunning) await coordinator.restart();
	const dora = await coordinator.newUser('dora');
	const { id } = await dora.post<{ id: string }>('/tasks', { type: 'noop' });
	const refused = await dora.raw('GET', `/api/v1/admin/tasks/${id}/decisions`);
	expect(refused.status).toBe(403);
	const waiting = await coordinator.api.get<TaskDecisions>(`/admin/tasks/${id}/decisions`);
	expect(waiting.stays).toMatchObject([{ left: 'waits', to: null, waited: [{ rule: 'no-node-serves-queue' }] }]);
	const unknown = await coordinator.api.raw('GET', `/api/v1/admin/tasks/${id.slice(0, -3)}zzz/decisions`);
	expect(unknown.status).toBe(404);
});
