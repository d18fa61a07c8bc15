import { writeFile } from 'node:fs/promises';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FileDetail } from '../../shared/protocol/file.ts';
import type { RecipeView } from '../../shared/protocol/recipe.ts';
import type { TriggerView } from '../../shared/protocol/trigger.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import { makeJpeg } from '../support/make-images.ts';
import { Millrace } from '../support/millrace.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { type RunningAgent, startAgent } from '../support/start-agent.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';
import { TempFolder } from '../support/temp-folder.ts';
import { TusUpload } from '../support/tus-upload.ts';
import { waitFor } from '../support/wait-for.ts';

let coordinator: RunningCoordinator;
let agent: RunningAgent;
let folder: TempFolder;
let millrace: Millrace;

beforeAll(async () => {
	coordinator = await startCoordinator();
	agent = await startAgent(coordinator, { concurrency: 2 });
	folder = new TempFolder();
	millrace = Millrace.of(coordinator);
});
afterAll(async () => {
	await millrace?.[Symbol.asyncDispose]();
	await folder?.[Symbol.asyncDispose]();
	await agent?.[Symbol.asyncDispose]();
	await coordinator?.[Symbol.asyncDispose]();
});

/** Everything that followed from a file, without what differs from file to file. */
const effectsOf = (path: string) => {
	const db = new Database(`${coordinator.data}/ledger.db`, { readonly: true });
	try {
		const fileSeq = db.prepare('SELECT seq FROM files WHERE name = ?').pluck().get(path.split('/').at(-1)) as number;
		const firings = db
			.prepare(
				`SELECT trigger_seq, version, event, state, tasks FROM trigger_firings WHERE file_seq = ? ORDER BY version, seq`,
			)
			.raw()
			.all(fileSeq);
		const tasks = db
			.prepare(`SELECT y.name, t.parameters, t.routing_key, t.priority, t.state, o.cause, o.recipe, o.step, o.trigger_seq
				FROM tasks t JOIN task_types y ON y.seq = t.type_seq JOIN task_origins o ON o.task_seq = t.seq
				WHERE t.file_seq = ? ORDER BY o.cause, y.name, o.step`)
			.raw()
			.all(fileSeq);
		return { firings, tasks };
	} finally {
		db.close();
	}
};
const openTasks = async (): Promise<number> =>
	(await coordinator.api.get<{ items: unknown[] }>('/tasks?state=open&limit=1')).items.length;

test('whatever door a file comes through, the same is done to it, once a version', async (context) => {
	const { api } = coordinator;
	const recipe = await api.post<RecipeView>('/recipes', {
		name: 'Small',
		steps: [{ type: 'thumbnail', parameters: { width: 32 }, accepts: ['image/jpeg'], priority: 8 }, { type: 'noop' }],
	});
	// Known from the first bytes, and known only when a task has looked.
	await api.post('/triggers', { recipe: recipe.id, folder: '/in', mediaTypes: ['image/jpeg', 'image/png'] });
	await api.post('/triggers', { recipe: recipe.id, folder: '/in', mediaTypes: ['image/*'], events: ['update'] });
	const random = seededRandom(context);
	const first = await makeJpeg(random);
	const second = await makeJpeg(random);
	const doors: Record<string, (content: Buffer) => Promise<unknown>> = {
		rest: (content) => api.upload('/in/rest', content),
		tus: async (content) => (await TusUpload.create(api, { path: '/in/tus', size: content.length })).finish(content),
		cli: async (content) => {
			await writeFile(folder.join('cli'), content);
			const ran = await millrace.run(['upload', folder.join('cli'), '/in/cli']);
			expect(ran).toMatchObject({ code: 0 });
		},
	};
	for (const send of Object.values(doors)) {
		await send(first);
		await send(second);
	}
	await waitFor('all tasks to end', async () => (await openTasks()) === 0);
	const [rest, tus, cli] = ['/in/rest', '/in/tus', '/in/cli'].map(effectsOf);
	expect(rest?.firings).toHaveLength(5);
	expect(rest?.tasks).toHaveLength(6 + 2 * 3);
	expect(tus).toEqual(rest);
	expect(cli).toEqual(rest);
	const { items } = await api.get<{ items: TriggerView[] }>('/triggers');
	for (const { id, recipe: of } of items) if (of === recipe.id) await api.json('DELETE', `/triggers/${id}`);
	expect((await api.upload('/in/rest', first)).tasks).toHaveLength(3);
});

test('a recipe is edited, attached and run by commands, and a job is waited for', async () => {
	const { api } = coordinator;
	const shown = await millrace.here(['recipes', 'show', 'image basics']);
	const basics = JSON.parse(shown.stdout) as RecipeView;
	expect(basics.steps.map(({ type }) => type)).toEqual(['md5', 'mimetype', 'thumbnail']);
	await writeFile(folder.join('r.json'), JSON.stringify({ name: 'Sums', steps: [basics.steps[0]] }));
	expect((await millrace.here(['recipes', 'create', folder.join('r.json')])).code).toBe(0);
	const attached = await millrace.json<TriggerView>([
		'recipes',
		'attach',
		'sums',
		'--folder',
		'/texts',
		'--type',
		'text/*',
		'--on',
		'upload',
	]);
	expect(attached).toMatchObject({ folder: '/texts', mediaTypes: ['text/*'], events: ['upload'] });
	const text = 'One line of text, and nothing in it that would be anything else.\n'.repeat(20);
	const { file } = await api.upload('/texts/a.txt', text);
	await waitFor('the file’s type', async () => {
		const { facts } = await api.get<FileDetail>(`/files/${file.id}`);
		return facts.mimetype !== undefined && (await openTasks()) === 0;
	});
	const fired = await millrace.json<{ items: unknown[] }>(['recipes', 'firings', attached.id]);
	expect(fired.items).toMatchObject([{ name: 'a.txt', state: 'fired', tasks: 1 }]);
	const dry = await millrace.json(['recipes', 'run', 'Sums', '/in', '--dry-run']);
	expect(dry).toMatchObject({ files: 3, tasks: 3, isWhole: true });
	const job = await millrace.json<{ id: string }>(['recipes', 'run', 'Sums', '/in', '--wait']);
	expect(job).toMatchObject({ title: 'Sums', state: 'done', tasks: { total: 3, succeeded: 3 } });
	expect((await millrace.json<{ items: unknown[] }>(['tasks', '--job', job.id])).items).toHaveLength(3);
	expect((await millrace.here(['jobs'])).stdout).toContain('Sums');
	expect((await millrace.here(['job', job.id, '--cancel'])).stderr).toContain('done already');
	// Nothing of it has failed.
	expect(await millrace.json(['job', job.id, '--again-failed', '--wait'])).toMatchObject({
		...{ cause: 'again', state: 'done', tasks: { total: 0 } },
	});
	expect(await millrace.json(['recipes', 'run', 'Sums', 'dataset:sample-text@1', '--dry-run'])).toMatchObject({
		...{ files: 8, tasks: 8, isWhole: true },
	});
	expect((await millrace.here(['recipes', 'detach', attached.id])).code).toBe(0);
	expect((await millrace.here(['recipes', 'delete', 'sums'])).code).toBe(0);
	const left = await millrace.json<{ items: RecipeView[] }>(['recipes']);
	expect(left.items.map(({ name }) => name)).toEqual(['Image basics', 'Small']);
});

test('killed while it does what follows, and while it feeds a job, it does each once', async () => {
	const { api } = coordinator;
	const recipe = await api.post<RecipeView>('/recipes', { name: 'Later', steps: [{ type: 'md5', priority: 1 }] });
	// Only a task can tell that these are no pictures of a kind that the first bytes tell: all wait for one.
	await api.post('/triggers', { recipe: recipe.id, folder: '/late', mediaTypes: ['image/svg+xml'] });
	const files = 60;
	const svg = (i: number) =>
		`<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="${i + 1}" height="9"></svg>\n`;
	for (let at = 0; at < files; at += 20) {
		await Promise.all(Array.from({ length: 20 }, (_, i) => api.upload(`/late/${at + i}.svg`, svg(at + i))));
	}
	const wish = { steps: [{ type: 'noop' }], over: { folder: '/late' }, serviceClass: 'background' };
	const jobs: string[] = [];
	const settledOf = () => {
		const db = new Database(`${coordinator.data}/ledger.db`, { readonly: true });
		try {
			return db.prepare(`SELECT count(*) FROM trigger_firings WHERE state <> 'waits-for-type'`).pluck().get() as number;
		} finally {
			db.close();
		}
	};
	for (let kill = 1; kill <= 3; kill += 1) {
		const before = settledOf();
		jobs.push((await api.post<{ id: string }>('/jobs', wish)).id);
		// In the middle of it: some firings were settled since, and others are not.
		await waitFor('something to follow', async () => settledOf() > before || settledOf() >= files);
		await coordinator.kill('SIGKILL');
		await coordinator.restart();
	}
	await waitFor('all tasks to end', async () => (await openTasks()) === 0, { withinMs: 100_000 });
	await waitFor('all jobs to end', async () => {
		const states = await Promise.all(jobs.map((id) => api.get<{ state: string }>(`/jobs/${id}`)));
		return states.every(({ state }) => state === 'done');
	});
	await agent.stop();
	await coordinator.stop();
	const db = new Database(`${coordinator.data}/ledger.db`, { readonly: true });
	const late = `SELECT f.seq FROM files f JOIN folders d ON d.seq = f.folder_seq WHERE d.name = 'late'`;
	const timesOf = (where: string) =>
		db
			.prepare(`SELECT count(*) FROM tasks t JOIN task_origins o ON o.task_seq = t.seq WHERE t.file_seq IN (${late})
			AND ${where} GROUP BY t.file_seq`)
			.pluck()
			.all();
	expect(timesOf(`o.recipe = '${recipe.id}'`)).toEqual(Array(files).fill(1));
	expect(timesOf(`o.cause = 'demand'`)).toEqual(Array(files).fill(jobs.length));
	expect(
		db.prepare("SELECT count(*) FROM happenings WHERE kind LIKE 'trigger.%' OR kind = 'job.hungry'").pluck().get(),
	).toBe(0);
	db.close();
	await checkInvariants({ data: coordinator.data });
});
