import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import type { NoticeView } from '../../shared/protocol/notice.ts';
import type { Api } from '../support/api.ts';
import { Millrace } from '../support/millrace.ts';
import { startAgent } from '../support/start-agent.ts';
import { startCoordinator } from '../support/start-coordinator.ts';
import { waitFor } from '../support/wait-for.ts';

const noticesOf = (api: Api) => api.get<{ items: NoticeView[]; unread: number }>('/notices');

test('what failed by itself is told to its owner, over HTTP and by the command line, until it is read', async () => {
	await using coordinator = await startCoordinator({ env: { MILLRACE_CHECK_ANSWERS: '1' } });
	await using _agent = await startAgent(coordinator, { concurrency: 2 });
	await using millrace = Millrace.of(coordinator);
	expect((await millrace.here(['notices'])).stderr).toContain('There is nothing new');
	const broken = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(200, 7)]);
	const { tasks } = await coordinator.api.upload('/broken.png', broken);
	const { items, unread } = await waitFor(
		'the notice',
		async () => {
			const page = await noticesOf(coordinator.api);
			return page.unread > 0 && page;
		},
		{ withinMs: 60_000 },
	);
	expect([items.length, unread]).toEqual([1, 1]);
	const thumbnail = tasks.find(({ type }) => type === 'thumbnail');
	expect(items[0]).toMatchObject({
		kind: 'task-failed',
		subject: thumbnail?.id,
		title: 'A task thumbnail failed',
		count: 1,
	});
	const said = await millrace.here(['notices', '--read']);
	expect(said.stdout).toMatch(/^\d{4}-.* A task thumbnail failed\n {2}\S/);
	expect(await noticesOf(coordinator.api)).toMatchObject({ unread: 0, items: [{ readAt: expect.any(String) }] });
	expect((await millrace.here(['notices'])).stdout).toBe('');
	expect((await millrace.json<{ items: unknown[] }>(['notices', '--all'])).items).toHaveLength(1);
	const bert = await coordinator.newUser('bert');
	expect(await noticesOf(bert)).toEqual({ items: [], nextCursor: null, unread: 0 });
});

/** Somebody's server that takes deliveries; the first one it refuses. */
class Receiver implements AsyncDisposable {
	readonly taken: { headers: IncomingHttpHeaders; body: string }[] = [];
	readonly #server = createServer(async (request, response) => {
		const chunks: Buffer[] = [];
		for await (const chunk of request) chunks.push(chunk as Buffer);
		this.taken.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
		response.writeHead(this.taken.length === 1 ? 302 : 204, { location: 'http://127.0.0.1:1/' }).end();
	});

	async listen(): Promise<this> {
		this.#server.listen(0, '127.0.0.1');
		await once(this.#server, 'listening');
		return this;
	}

	get host(): string {
		return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.#server.closeAllConnections();
		this.#server.close();
	}
}

test('a webhook is told over HTTP where the operator allows it, signed, and nowhere that an answer names', async () => {
	await using receiver = await new Receiver().listen();
	const env = { MILLRACE_CHECK_ANSWERS: '1', MILLRACE_EGRESS_ALLOW: receiver.host };
	await using coordinator = await startCoordinator({ env });
	await using millrace = Millrace.of(coordinator);
	const refused = await millrace.here(['webhooks', 'create', 'ops', 'http://127.0.0.1:9/']);
	expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('may not be asked')]);
	const { stdout } = await millrace.here([
		'webhooks',
		'create',
		'ops',
		`http://${receiver.host}/hook`,
		'--on',
		'job-failed',
	]);
	const key = stdout.trim();
	expect(key).toMatch(/^mwk_/);
	const { delivery } = await millrace.json<{ delivery: string }>(['webhooks', 'test', 'ops']);
	await waitFor('the first try', () => receiver.taken.length === 1);
	const deliveries = () => millrace.json<{ items: object[] }>(['webhooks', 'deliveries', 'ops']);
	const { items } = await waitFor('it to be noted', async () => {
		const page = await deliveries();
		return 'status' in (page.items[0] ?? {}) && JSON.stringify(page.items[0]).includes('302') && page;
	});
	// A place that an answer names is not asked.
	expect(items).toMatchObject([{ id: delivery, state: 'due', tries: 1, status: 302 }]);
	// Sent again at once instead of in a minute.
	await coordinator.api.post(`/webhook-deliveries/${delivery}:again`);
	await waitFor('the second try', () => receiver.taken.length === 2);
	const [{ headers, body }] = receiver.taken.slice(1) as [(typeof receiver.taken)[0]];
	const [, seconds, signature] = /^t=(\d+),v1=(\w+)$/.exec(String(headers['millrace-signature'])) ?? [];
	expect(signature).toBe(createHmac('sha256', key).update(`${seconds}.${body}`).digest('hex'));
	expect(JSON.parse(body)).toMatchObject({ id: delivery, event: 'test' });
	await waitFor('it to be told as delivered', async () => JSON.stringify(await deliveries()).includes('"delivered"'));
	expect((await millrace.here(['webhooks', 'list'])).stdout).toMatch(/ops +active +http:/);
	const bert = await coordinator.newUser('bert');
	expect(await bert.get('/webhooks')).toEqual({ items: [], nextCursor: null });
	expect((await millrace.here(['webhooks', 'delete', 'ops'])).code).toBe(0);
});
