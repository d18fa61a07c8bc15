import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { History } from '../../shared/protocol/history.ts';
import type { NodeView } from '../../shared/protocol/node.ts';
import { makeJpeg } from '../support/make-images.ts';
import { Millrace } from '../support/millrace.ts';
import { OtlpReceiver } from '../support/otlp-receiver.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { SmtpStandIn } from '../support/smtp-stand-in.ts';
import { type RunningAgent, startAgent } from '../support/start-agent.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';
import { waitFor } from '../support/wait-for.ts';

let coordinator: RunningCoordinator;
let agent: RunningAgent;
let millrace: Millrace;
let receiver: OtlpReceiver;

beforeAll(async () => {
	receiver = await OtlpReceiver.start();
	coordinator = await startCoordinator({ env: { MILLRACE_OTLP_URL: receiver.url } });
	agent = await startAgent(coordinator, { concurrency: 2 });
	millrace = Millrace.of(coordinator);
});
afterAll(async () => {
	await millrace?.[Symbol.asyncDispose]();
	await agent?.[Symbol.asyncDispose]();
	await coordinator?.[Symbol.asyncDispose]();
	await receiver?.[Symbol.asyncDispose]();
});

const theNode = async (): Promise<NodeView> => {
	const { items } = await coordinator.api.get<{ items: NodeView[] }>('/admin/nodes');
	return items[0]!;
};
/** The history of something once it has as many seconds as wanted of a measure. */
const historyOf = async (path: string, measure: string, least: number): Promise<History> => {
	let seen: History | null = null;
	await waitFor(`${least} seconds of ${measure}`, async () => {
		seen = await coordinator.api.get<History>(`/admin/${path}`);
		return (seen.measures[measure]?.mean ?? []).filter((value) => value !== null).length >= least;
	});
	return seen!;
};
const sum = (values: readonly (number | null)[] = []) =>
	values.reduce<number>((total, value) => total + (value ?? 0), 0);

test('what a machine does is known each second, and the history of all of it can be read', async () => {
	const ids = await coordinator.api.post<{ ids: string[] }>('/tasks:batch', {
		tasks: Array.from({ length: 20 }, () => ({ type: 'noop' })),
	});
	expect(ids.ids).toHaveLength(20);
	const node = await theNode();
	const history = await historyOf(`nodes/${node.id}/history`, 'cpuLoad', 3);
	expect(history.resolution).toBe('second');
	expect(history.measures.memoryUsedBytes).toMatchObject({ unit: 'bytes' });
	expect(history.measures.cpuLoad!.mean).toHaveLength(history.times.length);
	expect((await theNode()).metrics).toMatchObject({ cpuLoad: expect.any(Number), load1: expect.any(Number) });
	const queue = await historyOf('queues/normal/history?measures=outPerSecond,inPerSecond', 'outPerSecond', 3);
	expect(Object.keys(queue.measures).sort()).toEqual(['inPerSecond', 'outPerSecond']);
	await waitFor('tasks that came and went', async () => {
		const { measures } = await coordinator.api.get<History>('/admin/service-classes/standard/history');
		return sum(measures.outPerSecond?.mean) > 0 && sum(measures.inPerSecond?.mean) > 0;
	});
	const self = await historyOf('history', 'walBytes', 3);
	expect(self.measures.diskFreeBytes!.mean.some((free) => (free ?? 0) > 0)).toBe(true);
	expect(self.measures.commitMostMs!.mean.some((ms) => (ms ?? 0) > 0)).toBe(true);
});

test('an upload, its tasks, their attempts and results are one trace of what a receiver takes', async (context) => {
	await coordinator.api.upload('/beach.jpg', await makeJpeg(seededRandom(context)));
	const spansOf = () => {
		const upload = receiver.spans.find(({ name }) => name === 'upload');
		return receiver.spans.filter(({ traceId }) => traceId === upload?.traceId);
	};
	const isWhole = () =>
		['upload', 'task thumbnail', 'attempt thumbnail', 'result'].every((name) =>
			spansOf().some((span) => span.name === name),
		);
	await waitFor('a whole trace', isWhole);
	expect(receiver.malformed).toEqual([]);
	const [upload] = spansOf().filter(({ name }) => name === 'upload');
	const [task] = spansOf().filter(({ name }) => name === 'task thumbnail');
	const [attempt] = spansOf().filter(({ name }) => name === 'attempt thumbnail');
	expect([task?.parentSpanId, attempt?.parentSpanId]).toEqual([upload?.spanId, task?.spanId]);
	expect(JSON.stringify(receiver.spans)).not.toContain('beach');
});

test('the command line and Prometheus are told the same', async () => {
	const { name } = await theNode();
	const ran = await millrace.run(['node', name, '--history', '--measures', 'cpuLoad,memoryUsedBytes']);
	expect(ran.stdout).toMatch(new RegExp(`^${name}, by the second, `));
	expect(ran.stdout).toMatch(/^cpuLoad +[\d.]+ % /m);
	const metrics = (await coordinator.api.raw('GET', '/metrics')).body.toString('utf8');
	expect(metrics).toContain(`millrace_node_cpu_load_ratio{node="${name}"} `);
	expect(metrics).toMatch(/^millrace_queue_out_total\{queue="normal"\} [1-9]/m);
	expect(metrics).toMatch(/^millrace_task_wait_seconds_count\{class="standard"\} [1-9]/m);
	expect(metrics).toMatch(/^millrace_ledger_commit_seconds_count [1-9]/m);
	expect(metrics).toMatch(/^millrace_history_open 1$/m);
});

test('a diagnosis is saved by an administrator, and by nobody else; it tells neither where nor who', async () => {
	const path = join(millrace.home.path, 'diagnosis.zip');
	expect((await millrace.here(['admin', 'diagnose', '--out', path])).code).toBe(0);
	const bundle = (await readFile(path)).toString('latin1');
	for (const file of ['README.txt', 'checks.json', 'standing.json', 'history.json', 'log.ndjson']) {
		expect(bundle).toContain(file);
	}
	expect(bundle).not.toMatch(/cannotBeTold|leftOut/);
	const node = await theNode();
	for (const word of [coordinator.data, node.name, node.id, coordinator.api.token ?? '?']) {
		expect(bundle).not.toContain(word);
	}
	const { items } = await coordinator.api.get<{ items: object[] }>('/admin/audit?action=diagnosis.take');
	expect(items).toHaveLength(1);
	const bert = await coordinator.newUser('bert');
	expect((await bert.raw('GET', '/api/v1/admin/diagnosis')).status).toBe(403);
});

test('alerts go by mail once a server is set, and whether they do is tried out', async () => {
	await using server = await SmtpStandIn.start({ credentials: { user: 'ops', password: 'a canary 7' } });
	const where = [
		'--host',
		'127.0.0.1',
		'--port',
		String(server.port),
		'--tls',
		'none',
		'--user',
		'ops',
		'--password-stdin',
	];
	const who = ['--from', 'millrace@example.org', '--to', 'ops@example.org'];
	const wrong = await millrace.here(['admin', 'mail', 'set', ...where, ...who], { stdin: 'another one\n' });
	expect(wrong).toMatchObject({ code: 0, stdout: expect.stringContaining('to ops@example.org') });
	const refused = await millrace.here(['admin', 'mail', 'test']);
	expect(refused).toMatchObject({ code: 1, stdout: expect.stringMatching(/refused user or password.*\nIt said: 535/) });
	await millrace.here(['admin', 'mail', 'set', ...where, ...who], { stdin: 'a canary 7\n' });
	expect((await millrace.here(['admin', 'mail', 'test'])).code).toBe(0);
	expect(await millrace.json(['admin', 'alerts', 'test'])).toMatchObject({ administrators: 1, mail: true });
	await waitFor('the mail', async () => server.mails.length === 2 || undefined);
	expect(server.mails[1]).toMatchObject({
		to: ['ops@example.org'],
		text: expect.stringContaining('Alerts reach you here'),
	});
	const shown = await millrace.json(['admin', 'mail', 'show']);
	expect(shown).toMatchObject({ server: { hasPassword: true } });
	expect(JSON.stringify(shown)).not.toContain('canary');
	expect((await millrace.here(['admin', 'mail', 'remove', '--yes'])).code).toBe(0);
});

test('what does not exist, or cannot be asked for, is refused in words', async () => {
	const ask = (path: string) => coordinator.api.raw('GET', `/api/v1/admin/${path}`).then(({ status }) => status);
	expect(await ask('queues/nothing/history')).toBe(404);
	expect(await ask('service-classes/nothing/history')).toBe(404);
	expect(await ask('nodes/nod_00000000000000000000000000/history')).toBe(404);
	expect(await ask('history?measures=nothing')).toBe(422);
	expect(await ask('history?from=2030-01-01T00:00:00Z&to=2029-01-01T00:00:00Z')).toBe(422);
	expect(await ask('history?resolution=year')).toBe(422);
	const anna = await coordinator.newUser('anna');
	for (const path of ['history', 'queues/normal/history']) {
		expect((await anna.raw('GET', `/api/v1/admin/${path}`)).status).toBe(403);
	}
});

test('a history that was spoilt while nobody looked is begun anew, and all else goes on', async () => {
	const { data } = coordinator;
	await coordinator.stop();
	for (const end of ['', '-wal']) await writeFile(join(data, `history.db${end}`), 'spoilt '.repeat(2_000));
	await coordinator.restart();
	const id = await coordinator.api.post<{ id: string }>('/tasks', { type: 'noop' });
	expect(id.id).toMatch(/^tsk_/);
	await historyOf('history', 'depth', 2);
	expect(existsSync(join(data, 'history.db.unusable'))).toBe(true);
});
