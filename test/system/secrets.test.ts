import { readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SourceItem, SourceView } from '../../shared/protocol/source.ts';
import type { Api } from '../support/api.ts';
import { runMillrace } from '../support/run-millrace.ts';
import { type RunningAgent, startAgent } from '../support/start-agent.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';
import { TempFolder } from '../support/temp-folder.ts';
import { hasOpenssl, makeCertificate } from '../support/test-certificate.ts';
import { waitFor } from '../support/wait-for.ts';
import { WebStandIn } from '../support/web-stand-in.ts';
import { X_REFUSALS, XStandIn } from '../support/x-stand-in.ts';

/** If this is found anywhere, a secret has leaked. */
const CANARY = 'canary-6f1d9c-bearer-value';
const FORMS = [CANARY, Buffer.from(CANARY).toString('base64').slice(0, -2), Buffer.from(CANARY).toString('hex')];

interface Task {
	id: string;
	state: string;
	result: Record<string, unknown> | null;
	error: { code: string; message: string } | null;
	outputs: { name: string; url: string }[];
}

const filesBelow = (folder: string): string[] =>
	readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name));

describe.skipIf(!hasOpenssl)('secrets (needs openssl)', () => {
	let folder: TempFolder;
	let x: XStandIn;
	let web: WebStandIn;
	let coordinator: RunningCoordinator;
	let agent: RunningAgent;
	let api: Api;
	const lines: string[] = [];

	beforeAll(async () => {
		folder = new TempFolder();
		const certificate = makeCertificate(folder);
		x = await XStandIn.start(certificate);
		web = await WebStandIn.start();
		coordinator = await startCoordinator({ args: ['--log-level', 'trace'] });
		coordinator.process.onLine((line) => lines.push(line));
		agent = await startAgent(coordinator, {
			args: [...['--egress-allow', x.host, '--egress-allow', web.host], ...['--x-api', x.url, '--log-level', 'trace']],
			env: { NODE_EXTRA_CA_CERTS: certificate.certFile },
		});
		agent.process.onLine((line) => lines.push(line));
		api = coordinator.api;
	});
	afterAll(async () => {
		await agent?.[Symbol.asyncDispose]();
		await coordinator?.[Symbol.asyncDispose]();
		await x?.[Symbol.asyncDispose]();
		await web?.[Symbol.asyncDispose]();
		await folder?.[Symbol.asyncDispose]();
	});

	const run = async (task: Record<string, unknown>): Promise<Task> => {
		const { id } = await api.post<{ id: string }>('/tasks', task);
		return waitFor(`the end of ${task.type}`, async () => {
			const now = await api.get<Task>(`/tasks/${id}`);
			return ['succeeded', 'failed', 'cancelled'].includes(now.state) ? now : undefined;
		});
	};
	let secret = '';

	test('a topic of X is read with a secret that nobody is shown', async () => {
		({ id: secret } = await api.post<{ id: string }>('/secrets', { name: 'X', value: CANARY }));
		x.posts = Array.from({ length: 12 }, (_, i) => BigInt(i + 1));
		const task = { type: 'x-topic', parameters: { topic: 'mills' }, secrets: { bearerToken: secret } };
		const done = await run(task);
		expect(done).toMatchObject({ secrets: ['bearerToken'] });
		expect(done).toMatchObject({ state: 'succeeded', result: { items: 12, more: false, cursor: { sinceId: '12' } } });
		expect(x.asked[0]?.authorization).toBe(`Bearer ${CANARY}`);
		const [items] = done.outputs;
		const text = (await api.raw('GET', items!.url)).body.toString('utf8');
		expect(text.split('\n').filter(Boolean)).toHaveLength(12);
		expect(JSON.parse(text.split('\n')[0]!)).toMatchObject({ key: '1', author: { username: 'ada' } });
	});

	test('a task is refused what it does not ask for, what is not there, and goes without nothing that it needs', async () => {
		const codeOf = (task: Record<string, unknown>) =>
			api.post('/tasks', task).catch((error: { code: string }) => error.code);
		const topic = { type: 'x-topic', parameters: { topic: 'mills' } };
		expect(await codeOf(topic)).toBe('secret-missing');
		expect(await codeOf({ ...topic, secrets: { bearerToken: `sec_${'0'.repeat(26)}` } })).toBe('secret-missing');
		expect(await codeOf({ ...topic, secrets: { bearerToken: secret, other: secret } })).toBe('invalid');
		expect(await codeOf({ type: 'noop', secrets: { bearerToken: secret } })).toBe('invalid');
	});

	test('what outsiders say back does not bring it in', async () => {
		// A server that tells everybody what it was told.
		web.answers.set('/echo', (request, response) => {
			const said = encodeURIComponent(request.headers.authorization ?? '');
			response.writeHead(302, { location: `http://10.0.0.1/?said=${said}` }).end();
		});
		const echoed = await run({
			...{ type: 'fetch', parameters: { url: web.at('/echo') }, secrets: { authorization: secret } },
		});
		expect(echoed).toMatchObject({ state: 'failed', error: { code: 'address-refused' } });
		x.instead.push((response, { authorization }) => {
			const detail = `Who is ${authorization}?`;
			response
				.writeHead(403, { 'content-type': 'application/json' })
				.end(JSON.stringify({ title: 'Forbidden', detail }));
		});
		const refused = await run({ type: 'x-topic', parameters: { topic: 'a' }, secrets: { bearerToken: secret } });
		expect(refused).toMatchObject({ state: 'failed', error: { code: 'x-forbidden' } });
		expect(refused.error?.message).toContain('Who is Bearer •••');
		x.instead.push(X_REFUSALS.unauthorized);
		const unknown = await run({ type: 'x-topic', parameters: { topic: 'a' }, secrets: { bearerToken: secret } });
		expect(unknown).toMatchObject({ state: 'failed', error: { code: 'x-token-refused' } });
	});

	const runSource = async (id: string): Promise<SourceView> => {
		const { task } = await api.post<{ task: string }>(`/sources/${id}:run`);
		return waitFor('the end of a run of a source', async () => {
			const source = await api.get<SourceView>(`/sources/${id}`);
			return source.lastRun?.task === task && source.lastRun.state !== 'open' ? source : undefined;
		});
	};
	const keysOf = async (id: string): Promise<string[]> =>
		(await api.get<{ items: SourceItem[] }>(`/sources/${id}/items`)).items.map(({ key }) => key);

	test('topics are gathered into datasets, each time from where they were left, and nothing twice', async () => {
		const mills = await api.post<SourceView>('/sources', {
			...{ name: 'Mills', type: 'x-topic', parameters: { topic: 'mills' }, secrets: { bearerToken: secret } },
			...{ mostItemsPerMonth: 100, pricePerItem: 0.005 },
		});
		expect(mills).toMatchObject({
			dataset: { name: 'mills', version: 0 },
			schedules: [{ name: 'Mills', state: 'active' }],
		});
		x.posts = Array.from({ length: 12 }, (_, i) => BigInt(i + 1));
		await runSource(mills.id);
		x.posts.push(13n, 14n);
		const second = await runSource(mills.id);
		expect(second).toMatchObject({
			...{ dataset: { version: 2 }, lastRun: { state: 'done', items: 2, datasetVersion: 2 } },
			use: { items: 14, spend: 0.07, reserved: 0, left: 86 },
		});
		expect(x.asked.at(-1)?.query.get('since_id')).toBe('12');
		expect(await keysOf(mills.id)).toEqual(Array.from({ length: 14 }, (_, i) => String(14 - i)));
		// Nothing new: no version, and yet it has succeeded.
		expect(await runSource(mills.id)).toMatchObject({ dataset: { version: 2 }, lastRun: { state: 'done', items: 0 } });

		const entry = (n: number) =>
			`<item><guid>${n}</guid><title>Mill ${n}</title><link>https://example.org/${n}</link></item>`;
		const serve = (tag: string, ...numbers: number[]) => {
			const items = numbers.map(entry).join('');
			web.serve('/feed', `<rss version="2.0"><channel><title>Mills</title>${items}</channel></rss>`, { etag: tag });
		};
		serve('"1"', 2, 1);
		const feed = await api.post<SourceView>('/sources', {
			...{ name: 'Feed', type: 'feed-topic', parameters: { url: web.at('/feed') }, schedule: null },
		});
		await runSource(feed.id);
		expect((await runSource(feed.id)).lastRun).toMatchObject({ state: 'done', items: 0 });
		expect(web.asked.at(-1)?.headers['if-none-match']).toBe('"1"');
		serve('"2"', 3, 2, 1);
		expect(await runSource(feed.id)).toMatchObject({ dataset: { version: 2 }, lastRun: { items: 1 } });
		const { items } = await api.get<{ items: SourceItem[] }>(`/sources/${feed.id}/items`);
		expect(items.map(({ title, link }) => [title, link])).toEqual([
			['Mill 3', 'https://example.org/3'],
			['Mill 2', 'https://example.org/2'],
			['Mill 1', 'https://example.org/1'],
		]);
	});

	test('a source that is refused stops, with its schedule, and says what to do', async () => {
		const [mills] = (await api.get<{ items: SourceView[] }>('/sources')).items;
		x.instead.push(X_REFUSALS.unauthorized);
		await runSource(mills!.id);
		const stopped = await api.get<SourceView>(`/sources/${mills!.id}`);
		expect(stopped).toMatchObject({
			...{ state: 'stopped', reason: expect.stringContaining('replace the secret. Then resume the source.') },
			schedules: [{ state: 'paused' }],
		});
		await expect(api.post(`/sources/${mills!.id}:run`)).rejects.toMatchObject({ status: 409, code: 'source-stopped' });
		await waitFor('the notice', async () => {
			const { items } = await api.get<{ items: { kind: string }[] }>('/notices');
			return items.some(({ kind }) => kind === 'source-stopped') || undefined;
		});
		const task = stopped.lastRun!.task;
		await expect(api.post(`/tasks/${task}:retry`)).rejects.toThrow('run the source again');
		expect(await api.post(`/sources/${mills!.id}:resume`)).toMatchObject({ state: 'active' });
	});

	test('by the command line: a source is made with its type’s flags, run, read, paused, begun anew, deleted', async () => {
		const env = { MILLRACE_URL: coordinator.url, MILLRACE_TOKEN: api.token ?? '' };
		const millrace = (...argv: string[]) => runMillrace(['sources', ...argv], { home: folder.path, env });
		const said = async (...argv: string[]): Promise<string> => {
			const { code, stdout, stderr } = await millrace(...argv);
			expect(code, stderr).toBe(0);
			return stdout;
		};
		const flags = ['--param', `url=${web.at('/feed')}`, '--max-items', '2', '--most-items', '5', '--by-hand'];
		expect(await said('create', 'feed-topic', 'By hand', ...flags)).toContain('fills the dataset by-hand');
		const task = (await said('run', 'By hand')).trim();
		await waitFor('its end', async () => (await api.get<Task>(`/tasks/${task}`)).state === 'succeeded' || undefined);
		expect(await said('show', 'by hand')).toContain('2 items; 3 left');
		expect(await said('items', 'by hand')).toMatch(
			/https:\/\/example.org\/2 +Mill 2\n.*https:\/\/example.org\/1 +Mill 1\n$/,
		);
		expect(await said('use', 'by hand')).toMatch(/\d{4}-\d\d +2 +0 +0 +3\n/);
		expect(await said('change', 'by hand', '--most-items', 'none')).toContain('fills the dataset');
		expect(await said('list')).toMatch(/By hand +feed-topic +active +by-hand +2 items/);
		expect(await said('pause', 'by hand', '--reason', 'enough')).toBe('By hand is stopped.\n');
		expect(await said('resume', 'by hand')).toBe('By hand is active.\n');
		expect(await said('reset', 'by hand', '--yes')).toBe('Its next run begins anew.\n');
		expect(await said('delete', 'by hand')).toBe('It is deleted; the dataset by-hand stays.\n');
		expect((await millrace('create', 'feed-topic', 'Odd', '--nothing', 'x')).code).toBe(2);
	});

	test('it is in no file, no log line and no answer', async () => {
		const list = await api.raw('GET', '/api/v1/secrets');
		const audit = await api.raw('GET', '/api/v1/admin/audit?limit=1000');
		const tasks = await api.raw('GET', '/api/v1/tasks?limit=100');
		const said = [list, audit, tasks].map(({ body }) => body.toString('utf8')).join('\n');
		expect(said).toContain(secret);
		const files = [...filesBelow(coordinator.data), ...filesBelow(agent.workDir)];
		// What was said in the open is found in this way.
		expect(files.some((file) => readFileSync(file).includes('mills'))).toBe(true);
		const told = [...lines, coordinator.log, agent.log, said];
		expect(told.filter((text) => text.includes(' ready: '))).toHaveLength(2);
		for (const form of FORMS) {
			expect(files.filter((file) => readFileSync(file).includes(form))).toEqual([]);
			expect(told.filter((text) => text.includes(form))).toEqual([]);
		}
	});

	test('without its key there is no start, but a sentence', async () => {
		await coordinator.stop();
		const key = join(coordinator.data, 'secret.key');
		expect(readFileSync(key, 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
		renameSync(key, `${key}.away`);
		await expect(coordinator.restart()).rejects.toThrow(`--secret-key ${key}: is not there`);
		renameSync(`${key}.away`, key);
	});

	test('it outlives a restart', async () => {
		await coordinator.restart();
		const done = await run({ type: 'x-topic', parameters: { topic: 'mills' }, secrets: { bearerToken: secret } });
		expect(done).toMatchObject({ state: 'succeeded', result: { items: 14 } });
	});
});
