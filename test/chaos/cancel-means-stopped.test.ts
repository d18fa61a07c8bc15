import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TaskDetail } from '../../shared/protocol/task.ts';
import type { Api } from '../support/api.ts';
import { rounds } from '../support/chaos-length.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import { writeCommandTypes } from '../support/command-types.ts';
import { intoCommands } from '../support/into-commands.ts';
import { LiveFeed } from '../support/live-feed.ts';
import { withCommand } from '../support/processes.ts';
import { startAgent } from '../support/start-agent.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';
import { TempFolder } from '../support/temp-folder.ts';
import { waitFor } from '../support/wait-for.ts';

const COMMANDS = rounds(6, 200);
const AT_ONCE = 6;
/** A number that no other process on this machine sleeps for. */
const MARK = `32${process.pid}`;
/** Hears no signal but SIGKILL, forks, and forks into sessions of their own. */
const STUBBORN = `trap "" TERM INT HUP
sleep ${MARK} &
(trap "" TERM; sleep ${MARK} & setsid sleep ${MARK} & sleep ${MARK}) &
setsid sh -c 'trap "" TERM; sleep ${MARK}; sleep ${MARK}' &
echo up
while :; do sleep ${MARK}; done`;

const sleepers = (): number[] => withCommand(`sleep\0${MARK}`);

const SANDBOXES = ['auto', 'none'] as const;

let folder: TempFolder;
let types: string;
let coordinator: RunningCoordinator;
let anna: Api;
/** By sandbox: the commands, in a queue of that name. */
const commands = new Map<string, string[]>();

beforeAll(async () => {
	folder = new TempFolder();
	// A type for each: what is known to take long is given fewer slots.
	const scripts = SANDBOXES.map((sandbox) => [`stubborn-${sandbox}`, { script: STUBBORN }] as const);
	types = writeCommandTypes(folder.join('types'), Object.fromEntries(scripts));
	coordinator = await startCoordinator();
	anna = await coordinator.newUser('anna');
	for (const sandbox of SANDBOXES) {
		await coordinator.api.post('/admin/queues', { name: sandbox, bindingKeys: [`${sandbox}.#`] });
		const tasks = Array(COMMANDS).fill({ type: 'noop', routingKey: `${sandbox}.stubborn` });
		commands.set(sandbox, (await anna.post<{ ids: string[] }>('/tasks:batch', { tasks })).ids);
	}
	await coordinator.stop();
	for (const [sandbox, ids] of commands) intoCommands(coordinator.data, ids, types, `stubborn-${sandbox}`);
	await coordinator.restart();
});
afterAll(async () => {
	await coordinator.stop();
	await checkInvariants({ data: coordinator.data });
	await coordinator[Symbol.asyncDispose]();
	await folder[Symbol.asyncDispose]();
});

for (const sandbox of SANDBOXES) {
	test(`P19: ${COMMANDS} cancelled commands that do not listen and fork are gone, tree and all (sandbox: ${sandbox})`, async () => {
		const ids = commands.get(sandbox) as string[];
		using feed = await LiveFeed.open(anna);
		await using agent = await startAgent(coordinator, {
			concurrency: AT_ONCE,
			queues: [sandbox],
			args: ['--task-types', types, '--sandbox', sandbox],
		});
		let slowest = 0;
		for (let at = 0; at < COMMANDS; at += AT_ONCE) {
			const group = ids.slice(at, at + AT_ONCE);
			for (const id of group) {
				await feed.task(id, ['running']);
				await waitFor(`${id} to have forked`, async () => {
					const { items } = await anna.get<{ items: { text: string }[] }>(`/tasks/${id}/log`);
					return items.some(({ text }) => text === 'up');
				});
			}
			const others = at + AT_ONCE < COMMANDS;
			expect(sleepers().length).toBeGreaterThan(group.length);
			// No new ones meanwhile, so that what is left can be counted.
			if (others) await coordinator.api.post(`/admin/queues/${sandbox}:pause`);
			const askedAt = performance.now();
			await Promise.all(group.map((id) => anna.post(`/tasks/${id}:cancel`)));
			await feed.tasks(group);
			await waitFor('every process of theirs to be gone', () => sleepers().length === 0, {
				withinMs: 5_000,
				lastSeen: sleepers,
			});
			slowest = Math.max(slowest, performance.now() - askedAt);
			for (const id of group) {
				const { state, attempts } = await anna.get<TaskDetail>(`/tasks/${id}`);
				expect([state, ...attempts.map((attempt) => attempt.state)]).toEqual(['cancelled', 'cancelled']);
			}
			if (others) await coordinator.api.post(`/admin/queues/${sandbox}:resume`);
		}
		console.log(`P19: ${COMMANDS} trees gone within ${Math.round(slowest)} ms of the cancel (sandbox: ${sandbox})`);
		expect(slowest).toBeLessThan(5_000);
		await agent.stop();
	});
}
