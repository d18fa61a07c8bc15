import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WhatIfAnswer } from '../../shared/protocol/what-if.ts';
import type { Api } from '../support/api.ts';
import { runMillrace } from '../support/run-millrace.ts';
import { type RunningAgent, startAgent } from '../support/start-agent.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';
import { TempFolder } from '../support/temp-folder.ts';
import { waitFor } from '../support/wait-for.ts';

const EACH = 100;

let coordinator: RunningCoordinator;
const agents: RunningAgent[] = [];
let from: string;

const finished = async (person: Api): Promise<boolean> => {
	const { items } = await person.get<{ items: unknown[] }>('/tasks?state=succeeded&limit=1000');
	return items.length >= EACH;
};

beforeAll(async () => {
	coordinator = await startCoordinator();
	from = new Date(Date.now() - 60_000).toISOString();
	for (const name of ['a', 'b']) agents.push(await startAgent(coordinator, { name, concurrency: 2 }));
	const people = [await coordinator.newUser('flood'), await coordinator.newUser('steady')];
	const tasks = Array.from({ length: EACH }, (_, i) => ({ type: 'noop', parameters: { sleepMs: 20 + (i % 5) * 20 } }));
	for (const person of people) await person.post('/tasks:batch', { tasks });
	for (const person of people) await waitFor('all tasks to end', () => finished(person));
});
afterAll(async () => {
	for (const agent of agents) await agent[Symbol.asyncDispose]();
	await coordinator[Symbol.asyncDispose]();
});

const ask = (more: Record<string, unknown> = {}): Promise<WhatIfAnswer> =>
	coordinator.api.post('/admin/what-if', { from, to: new Date().toISOString(), ...more });

describe('what-if on a real run', () => {
	test('with nothing changed is near to what happened', async () => {
		const answer = await ask();
		expect(answer.tasks).toBe(2 * EACH);
		expect(answer.totals.after).toEqual(answer.totals.before);
		// Each is played in a thread of its own.
		for (const { before, after } of [...answer.classes, ...answer.series.used, ...answer.series.depth]) {
			expect(after).toEqual(before);
		}
		expect(answer.totals.before).toMatchObject({ started: 2 * EACH, ended: 2 * EACH, neverStarted: 0, lost: 0 });
		expect(answer.people.total).toBe(2);
		expect(answer.sentences).toContain('No class waits noticeably longer or shorter at the median.');
		const [standard] = answer.fidelity;
		expect(standard).toMatchObject({ serviceClass: 'standard', tasks: 2 * EACH });
		// Half of the line had gone by then, here as there. What the machine adds between two tasks is not in the costs.
		const ratio = standard!.simulatedP50Ms / standard!.realP50Ms;
		console.log(`median wait: ${standard!.realP50Ms} ms really, ${standard!.simulatedP50Ms} ms simulated`);
		expect(ratio).toBeGreaterThan(0.5);
		expect(ratio).toBeLessThan(1.5);
	});

	test('with more nodes says that waits get shorter, and with fewer that they get longer', async () => {
		const more = await ask({ fleet: { add: [{ count: 4, concurrency: 4, queues: ['normal'] }] } });
		expect(more.classes[0]!.after.waits.p50Ms).toBeLessThan(more.classes[0]!.before.waits.p50Ms);
		expect(more.totals.after.started).toBe(2 * EACH);
		const fewer = await ask({ fleet: { remove: ['b'] } });
		expect(fewer.classes[0]!.after.waits.p50Ms).toBeGreaterThan(fewer.classes[0]!.before.waits.p50Ms);
	});

	test('refuses what it cannot work out, and ends the thread of who has gone', async () => {
		await expect(ask({ fleet: { remove: ['nobody'] } })).rejects.toMatchObject({ code: 'invalid' });
		await expect(ask({ from: '2020-01-01T00:00:00Z', to: '2020-01-02T00:00:00Z' })).rejects.toMatchObject({
			code: 'nothing-recorded',
		});
		const gone = new AbortController();
		const body = JSON.stringify({ from, to: new Date().toISOString() });
		const headers = { authorization: `Bearer ${coordinator.api.token}`, 'content-type': 'application/json' };
		const url = `${coordinator.url}/api/v1/admin/what-if`;
		const asked = fetch(url, { method: 'POST', headers, body, signal: gone.signal });
		gone.abort();
		await expect(asked).rejects.toThrow();
		// Whether it came to the server or not: the next one is not refused for long.
		await waitFor('the next one to be worked out', () =>
			ask().then(
				() => true,
				() => false,
			),
		);
	});

	test('is told on the terminal and as a page', async () => {
		await using folder = new TempFolder();
		const report = folder.join('report.html');
		const { stdout, code } = await runMillrace(
			['admin', 'what-if', '--from', '1h', '--add-nodes', '4', '--report', report],
			{ home: folder.path, env: { MILLRACE_URL: coordinator.url, MILLRACE_TOKEN: coordinator.api.token! } },
		);
		expect(code).toBe(0);
		expect(stdout).toMatch(/Class standard (waits \d+ % shorter|does not wait any more) at the median/);
		expect(stdout).toMatch(/^What if: \+4 nodes with 4 slots each serving normal$/m);
		expect(stdout).toMatch(/CLASS +TASKS +MEDIAN WAIT +THEN/);
		const html = readFileSync(report, 'utf8');
		expect(html).toContain('prefers-color-scheme: dark');
		expect(html).not.toMatch(/<script|src=|href=/);
	});
});
