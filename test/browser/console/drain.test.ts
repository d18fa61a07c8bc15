import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { HttpClient } from '../../../shared/client/http-client.ts';
import { listNodes, listPastAttempts } from '../../../shared/client/nodes.ts';
import { eachItem } from '../../../shared/client/page.ts';
import type { PastAttempt } from '../../../shared/protocol/node-attempt.ts';
import { manifestSchema } from '../../../shared/protocol/task-type.ts';
import { checkInvariants } from '../../support/check-invariants.ts';
import { writeCommandTypes } from '../../support/command-types.ts';
import { History } from '../../support/history.ts';
import { type RunningAgents, startAgents } from '../../support/start-agents.ts';
import { type RunningCoordinator, startCoordinator } from '../../support/start-coordinator.ts';
import { TempFolder } from '../../support/temp-folder.ts';
import { waitFor } from '../../support/wait-for.ts';
import { browserForTests, type Portal } from '../portal.ts';
import { openConsole } from './console.ts';

const SLOTS = 2;
/** So many are in line or run whenever the feeder looks: more than the slots of both machines. */
const LOAD = 16;
const TASK_MS = 150;

const browser = browserForTests();
const history = new History();
let folder: TempFolder;
let coordinator: RunningCoordinator;
let agents: RunningAgents;
let http: HttpClient;
/** A task of this type runs until the gate is opened. */
let gate: string;
beforeAll(async () => {
	folder = new TempFolder();
	gate = folder.join('open');
	coordinator = await startCoordinator();
	const types = writeCommandTypes(folder.join('types'), {
		gated: { script: `until [ -e '${gate}' ]; do sleep 0.1; done` },
	});
	const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(types, 'gated', 'manifest.json'), 'utf8')));
	await coordinator.api.post('/admin/task-types', manifest);
	await coordinator.api.post('/admin/queues', { name: 'east', bindingKeys: ['east.#'] });
	const args = ['--task-types', types, '--sandbox', 'none'];
	agents = await startAgents(coordinator, [
		{ name: 'east', concurrency: SLOTS, args, queues: ['normal', 'east'] },
		{ name: 'west', concurrency: SLOTS, args, queues: ['normal'] },
	]);
	http = new HttpClient({ baseUrl: coordinator.url, auth: { kind: 'token', token: coordinator.api.token! } });
});
afterAll(async () => {
	await agents?.[Symbol.asyncDispose]();
	await coordinator?.[Symbol.asyncDispose]();
	await folder?.[Symbol.asyncDispose]();
});

const submit = (count: number) =>
	history.submit(() =>
		coordinator.api.post<{ ids: string[] }>('/tasks:batch', {
			tasks: Array(count).fill({ type: 'noop', parameters: { sleepMs: TASK_MS } }),
		}),
	);
const open = async (): Promise<number> =>
	(await coordinator.api.get<{ items: unknown[] }>('/tasks?state=open&limit=100')).items.length;
const nodeId = async (name: string): Promise<string> =>
	(await listNodes(http)).items.find((node) => node.name === name)!.id;
const tile = ({ page }: Portal, name: string) => page.getByRole('listitem').filter({ hasText: name });

/** Keeps both machines busy until it is told to stop. */
const feed = () => {
	let isOver = false;
	const feeding = (async () => {
		while (!isOver) {
			await waitFor('room for more', async () => isOver || (await open()) < LOAD);
			await submit(LOAD);
		}
	})();
	return {
		async stop() {
			isOver = true;
			await feeding;
		},
	};
};

/** All that ended on a node. */
const past = async (id: string): Promise<PastAttempt[]> => {
	const found: PastAttempt[] = [];
	for await (const attempt of eachItem((cursor) => listPastAttempts(http, id, cursor === undefined ? {} : { cursor })))
		found.push(attempt);
	return found;
};

it('a node is drained for maintenance under load: what it ran is finished, nothing fails, nothing is lost', async () => {
	const [east] = agents.all;
	const [id, other] = [await nodeId('east'), await nodeId('west')];
	const held = await history.submit(() =>
		coordinator.api.post<{ id: string }>('/tasks', { type: 'gated', routingKey: 'east.long' }),
	);
	const admin = await openConsole(browser(), coordinator, { at: '/nodes' });
	const { page } = admin;
	await admin.live();
	await tile(admin, 'east').getByText('gated', { exact: true }).waitFor();
	const load = feed();
	await waitFor('both to work', async () => (await past(id)).length > 0 && (await past(other)).length > 0);
	await admin.button('Acts on east').click();
	await page.getByRole('menuitem', { name: 'Drain' }).click();
	const dialog = page.getByRole('dialog', { name: 'Drain east' });
	await dialog.getByRole('link', { name: 'gated' }).waitFor();
	await dialog.getByLabel('Reason').fill('a new kernel');
	await dialog.getByRole('button', { name: 'Drain' }).click();
	await tile(admin, 'east').getByText('draining').waitFor();
	await tile(admin, 'east').getByText('a new kernel').waitFor();

	// What it began keeps it; the other one goes on under the same load, and nothing new comes to it.
	await tile(admin, 'east').getByText('1/2').waitFor();
	const [before, ran] = [(await past(other)).length, (await past(id)).length];
	await waitFor('the other to go on', async () => (await past(other)).length > before + LOAD);
	expect((await past(id)).length).toBe(ran);
	expect(east!.process.isRunning).toBe(true);

	// It leaves by itself once that is done.
	writeFileSync(gate, '');
	expect(await east!.process.exited).toMatchObject({ code: 0 });
	await tile(admin, 'east').getByText('offline').waitFor();
	expect((await past(id)).length).toBe(ran + 1);
	await tile(admin, 'east').getByRole('link', { name: 'east', exact: true }).click();
	await page.getByText(/^It was drained and left .*, as .* said: a new kernel$/).waitFor();
	await page.getByText('When its agent is started again it takes work at once. One that is not to come back').waitFor();
	await page.getByRole('link', { name: 'All nodes' }).click();

	// Back from its maintenance it works again.
	await east!.restart();
	await tile(admin, 'east').getByText('online').waitFor();
	await waitFor('it to work again', async () => (await past(id)).length > ran + 1);
	await load.stop();
	await waitFor('all to be done', async () => (await open()) === 0);

	expect(history.count('acknowledged')).toBe(history.entries.length);
	const attempts = [...(await past(id)), ...(await past(other))];
	expect(attempts.filter(({ state }) => state !== 'succeeded')).toEqual([]);
	expect(attempts.find(({ task }) => task === held?.id)).toMatchObject({ attempt: 1, state: 'succeeded' });
	expect(attempts.map(({ task }) => task).sort()).toEqual(history.acknowledgedTasks.sort());
	expect(admin.faults).toEqual([]);
	await agents.stop();
	await coordinator.stop();
	await checkInvariants({ data: coordinator.data, history });
});
