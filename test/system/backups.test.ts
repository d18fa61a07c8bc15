import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { BackupsView } from '../../shared/protocol/backup.ts';
import type { TaskDetail } from '../../shared/protocol/task.ts';
import { signIn } from '../support/api.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import { History } from '../support/history.ts';
import { LiveFeed } from '../support/live-feed.ts';
import { lookInto } from '../support/look-into.ts';
import { builtFile } from '../support/repository.ts';
import { runMillrace } from '../support/run-millrace.ts';
import { runToEnd } from '../support/run-to-end.ts';
import { startAgent } from '../support/start-agent.ts';
import { startCoordinator } from '../support/start-coordinator.ts';
import { TempFolder } from '../support/temp-folder.ts';
import { waitFor } from '../support/wait-for.ts';

const SECRET = 'canary-secret-of-anna-5f1c';
const command = (...args: string[]) => runToEnd([process.execPath, builtFile('coordinator/main.js'), ...args]);
/** Whether any file below the folder holds the bytes. */
const holds = (folder: string, bytes: string): boolean => {
	try {
		execFileSync('grep', ['--recursive', '--quiet', '--binary-files=text', '--fixed-strings', bytes, folder]);
		return true;
	} catch {
		return false;
	}
};

test('P20: a backup under load, restored elsewhere, holds all that was acknowledged before it, and agents go on with it', async () => {
	await using folder = new TempFolder();
	const [backups, data] = [folder.join('backups'), folder.join('restored')];
	const own = folder.join('own');
	await using old = await startCoordinator({ env: { MILLRACE_BACKUP_TO: own, MILLRACE_BACKUP_KEEP: '2' } });
	await using agent = await startAgent(old, { concurrency: 4 });
	const anna = await old.newUser('anna');
	await anna.post('/secrets', { name: 'TOKEN', value: SECRET });
	const before = new History();
	const after = new History();
	const long = await before.submit(() =>
		anna.post<{ ids: string[] }>('/tasks:batch', {
			tasks: [1, 2].map((echo) => ({ type: 'noop', parameters: { sleepMs: 600_000, echo } })),
		}),
	);
	{
		using feed = await LiveFeed.open(anna);
		for (const id of long!.ids) await feed.task(id, ['running']);
	}

	// Uploads with their tasks, and tasks that end all the time, before, while and after the backup is taken.
	let history = before;
	let loading = true;
	let count = 0;
	let begunBefore = 0;
	const load = async (): Promise<void> => {
		while (loading) {
			const n = count++;
			const into = history;
			if (into === before) begunBefore += 1;
			await into.upload(() => anna.upload(`/load/${n}.bin`, randomBytes(20_000)));
			await into.submit(() =>
				anna.post<{ ids: string[] }>('/tasks:batch', {
					tasks: [1, 2, 3].map((echo) => ({ type: 'noop', parameters: { sleepMs: 5, echo } })),
				}),
			);
			if (into === before) begunBefore -= 1;
		}
	};
	const loads = [load(), load()];
	await waitFor('some load', () => before.count('acknowledged') > 30);
	history = after;
	await waitFor('what was begun before to be answered', () => begunBefore === 0);
	const meanwhile = after.count('acknowledged');
	expect(await command('backup', '--data', old.data, '--to', backups)).toMatch(/is whole/);
	expect(after.count('acknowledged'), 'work went on meanwhile').toBeGreaterThan(meanwhile);
	loading = false;
	await Promise.all(loads);
	// The coordinator's own, in a thread, asked for by API and by command.
	await old.api.post('/admin/backups', {});
	await waitFor('the coordinator’s own backup', async () => {
		const { items, runs } = await old.api.get<BackupsView>('/admin/backups');
		expect(runs[0]?.error ?? null).toBeNull();
		return items.length === 1;
	});
	const env = { MILLRACE_URL: old.url, MILLRACE_TOKEN: old.api.token ?? '' };
	const millrace = async (...args: string[]) => {
		const ran = await runMillrace(args, { home: folder.path, env });
		expect(ran.code, ran.stderr).toBe(0);
		return ran.stdout;
	};
	expect(await millrace('admin', 'backups', 'make')).toMatch(/contents were new/);
	expect(await millrace('admin', 'chores', 'run', 'sweep-content')).toMatch(/is done/);
	expect(await millrace('admin', 'chores')).toMatch(/back-up .*done/);
	await old.kill();

	const key = readFileSync(`${old.data}/secret.key`, 'utf8').trim();
	expect(holds(old.data, key), 'grep finds what is there').toBe(true);
	for (const secret of [SECRET, key]) expect(holds(backups, secret), secret).toBe(false);
	expect(await command('verify', '--from', backups)).toMatch(/as it should be/);
	expect(await command('restore', '--from', backups, '--data', data)).toMatch(
		/[2-9] attempts that ran then were ended/,
	);
	await command('restore', '--from', backups, '--data', data).then(
		() => expect.unreachable(),
		(error: Error) => expect(error.message).toMatch(/not empty/),
	);

	// Without the key it does not start, and says where the key belongs.
	await runToEnd([process.execPath, builtFile('coordinator/main.js'), 'start', '--port', '0', '--data', data]).then(
		() => expect.unreachable(),
		(error: Error) => expect(error.message).toMatch(/secret\.key: is not there/),
	);
	execFileSync('cp', [`${old.data}/secret.key`, data]);
	const back = agent.process.nextLine(/taken this agent in/);
	await using restored = await startCoordinator({ data, port: old.port });
	await back;
	const again = await signIn(restored.url, 'anna', 'correct horse battery staple anna');
	await command('restore', '--from', backups, '--data', data).then(
		() => expect.unreachable(),
		(error: Error) => expect(error.message).toMatch(/Another coordinator/),
	);
	for (const id of long!.ids) {
		const task = await again.get<TaskDetail>(`/tasks/${id}`);
		expect(task.attempts[0]).toMatchObject({ state: 'returned', reason: expect.stringContaining('restored') });
		await again.post(`/tasks/${id}:cancel`);
	}
	await waitFor('all work to be over', () => {
		const [row] = lookInto<{ open: number }>(data, 'SELECT count(*) AS open FROM tasks WHERE finished_at IS NULL');
		return row?.open === 0;
	});
	expect(await command('verify', '--data', data)).toMatch(/as it should be/);
	await agent.stop();
	await restored.stop();
	await checkInvariants({ data, history: before });
});
