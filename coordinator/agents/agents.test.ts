import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LinkKeyExchange } from '../../shared/link-key/link-key.ts';
import type { AttemptRef, Hello } from '../../shared/protocol/agent-link.ts';
import type { NodeState } from '../../shared/protocol/node.ts';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { TestLedger } from '../../test/support/test-ledger.ts';
import { TestNode } from '../../test/support/test-node.ts';
import { waitFor } from '../../test/support/wait-for.ts';
import { readOperation } from '../database/operation.ts';
import { Announcer } from '../report/announcer.ts';
import type { NodeOffer } from '../scheduler/node-slots.ts';
import { Agents } from './agents.ts';
import type { NodeEvents } from './node-events.ts';
import type { NodeQueue } from './node-queue.ts';
import type { NodeLink } from './node-record.ts';
import { AGENT_OPERATIONS } from './operations.ts';

const readAudit = readOperation('test.audit', (db) => {
	const select = db.prepare('SELECT action, actor, object, detail FROM audit_log ORDER BY seq');
	return (_: null) => select.all() as { action: string; actor: string; object: string; detail: string }[];
});

const ADMIN = { actor: 'usr_admin', address: '127.0.0.1' };
const EXCHANGE = new LinkKeyExchange();

/** The queue as this room sees it. */
class FakeQueue implements NodeQueue {
	readonly offers = new Map<string, NodeOffer>();
	readonly running = new Map<string, number>();
	connectNode(offer: NodeOffer, running: readonly AttemptRef[]) {
		this.offers.set(offer.id, offer);
		return [...running];
	}
	changeNode(offer: NodeOffer) {
		if (!this.offers.has(offer.id)) throw new Error('a node that is not connected was changed');
		this.offers.set(offer.id, offer);
	}
	disconnectNode(node: string) {
		if (!this.offers.delete(node)) throw new Error('a node that is not connected was disconnected');
	}
	heartbeat(_: string, running: readonly AttemptRef[]) {
		return running.slice(1);
	}
	runningOn(node: string) {
		return this.running.get(node) ?? 0;
	}
	slotsInUse(node: string) {
		return this.runningOn(node);
	}
	workOn() {
		return {};
	}
}

class FakeLink implements NodeLink {
	readonly address = '127.0.0.1';
	readonly told: string[] = [];
	closed: string | null = null;
	onClose = () => {};
	drain() {
		this.told.push('drain');
	}
	configure(concurrency: number) {
		this.told.push(`configure ${concurrency}`);
	}
	close(reason: string) {
		this.closed = reason;
		this.onClose();
	}
}

let folder: TempFolder;
let ledger: TestLedger;
let queue: FakeQueue;
let agents: Agents;
let announced: NodeEvents['node:changed'][];

const open = async () => {
	queue = new FakeQueue();
	announced = [];
	const announcer = new Announcer<NodeEvents>((error) => {
		throw error;
	});
	announcer.on('node:changed', (event) => announced.push(event));
	agents = await Agents.open({ ledger, queue, announcer, logger: pino({ level: 'silent' }) });
};
const join = async (name: string, queues?: string[]) => {
	const node = new TestNode(name);
	const { token } = await agents.tokens.create({ queues }, ADMIN);
	node.id = (await agents.joining.join({ token, name, publicKey: node.publicKey }, '')).node;
	return node;
};
const connect = (node: TestNode, options: Partial<Hello> = {}) => {
	const link = new FakeLink();
	link.onClose = () => agents.links.disconnect(node.id, link);
	return { link, greeting: agents.links.connect(node.hello(EXCHANGE.publicKey, options), EXCHANGE, link) };
};
const state = (node: TestNode) => agents.nodes.view(node.id).state;

beforeEach(async () => {
	folder = new TempFolder();
	ledger = new TestLedger({ file: folder.join('ledger.db'), operations: [...AGENT_OPERATIONS, readAudit] });
	await open();
});
afterEach(async () => {
	await agents[Symbol.asyncDispose]();
	await ledger[Symbol.asyncDispose]();
	await folder[Symbol.asyncDispose]();
});

describe('a hello', () => {
	test('takes the node in with what it declares, as far as its token allows', async () => {
		const node = await join('lab', ['hardware']);
		const { greeting } = connect(node, { queues: ['normal', 'hardware', 'hardware'], concurrency: 3 });
		expect(greeting).toEqual({ ok: true, void: [], orders: { configure: null, drain: false } });
		expect(queue.offers.get(node.id)).toMatchObject({ queues: ['hardware'], concurrency: 3, accepting: true });
		expect(agents.nodes.view(node.id)).toMatchObject({ state: 'online', queues: ['hardware'], concurrency: 3 });
		expect(announced.at(-1)).toMatchObject({ id: node.id, state: 'online' });
	});

	test('answers which attempts are not the node’s any more', async () => {
		const node = await join('lab');
		const ref = { task: `tsk_${'0'.repeat(26)}`, attempt: 2, token: 'f'.repeat(32) };
		expect(connect(node, { running: [ref] }).greeting).toMatchObject({ void: [ref] });
	});

	test.each<[string, (node: TestNode) => Partial<Hello>, string]>([
		['an unknown node', () => ({ node: `nod_${'z'.repeat(26)}` }), 'node-unknown'],
		['another key', () => ({ signature: randomBytes(64).toString('base64url') }), 'bad-signature'],
		['the signature of another nonce', (node) => ({ signature: node.sign('older') }), 'bad-signature'],
		['another link key', () => ({ linkKey: new LinkKeyExchange().publicKey }), 'bad-signature'],
		['another protocol', () => ({ protocol: { major: 2, minor: 0 } }), 'protocol-version'],
	])('of %s is refused', async (_, change, code) => {
		const node = await join('lab');
		const { greeting } = connect(node, change(node));
		expect(greeting).toMatchObject({ ok: false, code });
		expect(state(node)).toBe('offline');
		expect(queue.offers.size).toBe(0);
	});

	test('of a revoked node is refused only when it is signed, so that ids tell nothing', async () => {
		const node = await join('lab');
		await agents.steering.revoke(node.id, ADMIN);
		expect(connect(node).greeting).toMatchObject({ code: 'node-revoked' });
		expect(connect(node, { signature: 'x' }).greeting).toMatchObject({ code: 'bad-signature' });
	});

	test('of a node that is connected cuts its old link, of which nothing is heard any more', async () => {
		const node = await join('lab');
		const old = connect(node).link;
		const fresh = connect(node).link;
		expect(old.closed).not.toBeNull();
		expect(fresh.closed).toBeNull();
		expect(state(node)).toBe('online');
		expect(agents.links.heartbeat(node.id, old, [], {})).toBeNull();
		agents.links.leaving(node.id, old);
		agents.links.disconnect(node.id, old);
		expect(state(node)).toBe('online');
		expect(agents.links.heartbeat(node.id, fresh, [], { cpuLoad: 0.5 })).toEqual([]);
		expect(agents.nodes.view(node.id).metrics).toEqual({ cpuLoad: 0.5 });
	});
});

describe('an administrator', () => {
	test('revokes a node: its link is cut before the answer', async () => {
		const node = await join('lab');
		const { link } = connect(node);
		await agents.steering.revoke(node.id, ADMIN);
		expect(link.closed).toMatch(/revoked/);
		expect(queue.offers.has(node.id)).toBe(false);
		expect(agents.nodes.isTrusted(node.id)).toBe(false);
		await expect(agents.steering.uncordon(node.id, ADMIN)).rejects.toMatchObject({ code: 'wrong-state' });
	});

	test('sets the concurrency: the agent is told, now and whenever it comes back with another', async () => {
		const node = await join('lab');
		const { link } = connect(node);
		await agents.steering.configure(node.id, { concurrency: 2 }, ADMIN);
		expect(link.told).toEqual(['configure 2']);
		expect(queue.offers.get(node.id)?.concurrency).toBe(2);
		await open();
		expect(connect(node, { concurrency: 8 }).greeting).toMatchObject({ orders: { configure: 2 } });
		expect(connect(node, { concurrency: 2 }).greeting).toMatchObject({ orders: { configure: null } });
		expect(agents.nodes.view(node.id).concurrency).toBe(2);
	});

	test('sets labels, which go before the declared ones, also after a restart', async () => {
		const node = await join('lab');
		connect(node);
		const declared = queue.offers.get(node.id)?.capabilities.labels;
		await agents.steering.configure(node.id, { labels: { zone: 'b' } }, ADMIN);
		expect(queue.offers.get(node.id)?.capabilities.labels).toEqual({ zone: 'b' });
		await open();
		connect(node);
		expect(queue.offers.get(node.id)?.capabilities.labels).toEqual({ zone: 'b' });
		await agents.steering.configure(node.id, { labels: null }, ADMIN);
		expect(queue.offers.get(node.id)?.capabilities.labels).toEqual(declared);
	});

	test('sets concurrency and policy in one, audited as one; what is left out stays', async () => {
		const node = await join('lab');
		const { link } = connect(node);
		const policy = { taskTypes: ['md5'], reservedFor: [] };
		const view = await agents.steering.configure(node.id, { concurrency: 2, policy }, ADMIN);
		expect(view).toMatchObject({ concurrency: 2, policy });
		const [entry] = (await ledger.read(readAudit, null)).filter(({ action }) => action === 'node.configure');
		expect(JSON.parse(entry?.detail ?? '')).toEqual({
			before: { concurrency: null, policy: null, labels: null },
			concurrency: 2,
			policy,
		});
		await agents.steering.configure(node.id, { policy: null }, ADMIN);
		await agents.steering.configure(node.id, { concurrency: 3 }, ADMIN);
		expect(agents.nodes.view(node.id)).toMatchObject({ concurrency: 3, policy: null });
		expect(link.told).toEqual(['configure 2', 'configure 3']);
	});

	test('drains a node: it is told again until it has left with nothing running, then it works again', async () => {
		const node = await join('lab');
		const { link } = connect(node);
		queue.running.set(node.id, 1);
		await agents.steering.drain(node.id, ADMIN);
		expect(link.told).toEqual(['drain']);
		expect([state(node), queue.offers.get(node.id)?.accepting]).toEqual(['draining', false]);
		// The link is lost while something runs: it is not done.
		agents.links.disconnect(node.id, link);
		await open();
		queue.running.set(node.id, 1);
		const again = connect(node);
		expect(again.greeting).toMatchObject({ orders: { drain: true } });
		queue.running.set(node.id, 0);
		agents.links.disconnect(node.id, again.link);
		expect(connect(node).greeting).toMatchObject({ orders: { drain: false } });
		expect(state(node)).toBe('online');
	});

	test('cannot drain what is not there', async () => {
		const node = await join('lab');
		await expect(agents.steering.drain(node.id, ADMIN)).rejects.toMatchObject({ code: 'wrong-state' });
		await expect(agents.steering.cordon('nod_none', ADMIN)).rejects.toMatchObject({ code: 'not-found' });
	});

	test('has every act audited', async () => {
		const node = await join('lab');
		connect(node);
		await agents.steering.cordon(node.id, ADMIN);
		await agents.steering.uncordon(node.id, ADMIN);
		await agents.steering.configure(node.id, { concurrency: 9 }, ADMIN);
		await agents.steering.drain(node.id, ADMIN);
		await agents.steering.revoke(node.id, ADMIN);
		const acts = (await ledger.read(readAudit, null)).filter(
			({ actor, object }) => actor === ADMIN.actor && object === node.id,
		);
		const expected = ['node.cordon', 'node.uncordon', 'node.configure', 'node.drain', 'node.revoke'];
		expect(acts.map(({ action }) => action)).toEqual(expected);
	});
});

test('a node that loses three different tasks gets no work until an administrator says so, also after a restart', async () => {
	const node = await join('lab');
	connect(node);
	for (const task of ['tsk_a', 'tsk_b', 'tsk_c']) agents.losses.settled(node.id, task, 'crashed');
	await waitFor('suspicion', () => state(node) === 'suspect');
	expect(queue.offers.get(node.id)?.accepting).toBe(false);
	expect((await ledger.read(readAudit, null)).at(-1)).toMatchObject({ action: 'node.suspect', actor: 'system' });
	await open();
	connect(node);
	expect(state(node)).toBe('suspect');
	await agents.steering.uncordon(node.id, ADMIN);
	expect([state(node), queue.offers.get(node.id)?.accepting]).toEqual(['online', true]);
});

test('a node that takes in nothing gets no work while it is online', async () => {
	const node = await join('lab');
	const { link } = connect(node);
	agents.links.setStalled(node.id, link, true);
	expect([state(node), queue.offers.get(node.id)?.accepting]).toEqual(['online', false]);
	agents.links.setStalled(node.id, link, false);
	expect(queue.offers.get(node.id)?.accepting).toBe(true);
});

test('nodes are listed page by page in the order of joining', async () => {
	const ids = [];
	for (const name of ['a', 'b', 'c', 'd', 'e']) ids.push((await join(name)).id);
	ids.sort();
	const seen: string[] = [];
	let cursor: string | undefined;
	do {
		const page = agents.nodes.list({ cursor, limit: 2 });
		seen.push(...page.items.map(({ id }) => id));
		cursor = page.nextCursor ?? undefined;
	} while (cursor !== undefined);
	expect(seen).toEqual(ids);
	expect(agents.nodes.list({ limit: 5 }).nextCursor).toBeNull();
	expect(() => agents.nodes.list({ cursor: 'x', limit: 5 })).toThrow(expect.objectContaining({ code: 'bad-cursor' }));
});

test('when a node was last seen survives a restart', async () => {
	const node = await join('lab');
	const { link } = connect(node);
	agents.links.heartbeat(node.id, link, [], {});
	await agents[Symbol.asyncDispose]();
	const before = agents.nodes.view(node.id).lastSeenAt;
	await open();
	expect(before).not.toBeNull();
	expect(agents.nodes.view(node.id)).toMatchObject({ lastSeenAt: before, state: 'offline', concurrency: 4 });
});

interface Model {
	link: FakeLink | null;
	leaving: boolean;
	stalled: boolean;
	cordoned: boolean;
	draining: boolean;
	suspect: boolean;
	revoked: boolean;
}
const expectedState = (m: Model): NodeState => {
	if (m.revoked) return 'revoked';
	if (!m.link) return 'offline';
	if (m.leaving || m.draining) return 'draining';
	if (m.suspect) return 'suspect';
	return m.cordoned ? 'cordoned' : 'online';
};

test('whatever happens, state, offer and links agree with a model, also over restarts', async () => {
	const COMMANDS = [
		'connect',
		'disconnect',
		'old-disconnect',
		'leaving',
		'stall',
		'flow',
		'cordon',
		'uncordon',
	] as const;
	const RARE = ['drain', 'suspect', 'revoke', 'restart', 'work', 'rest'] as const;
	const command = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...COMMANDS) }, fc.constantFrom(...RARE));
	let round = 0;
	await fc.assert(
		fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 40 }), async (commands) => {
			const node = await join(`node-${++round}`);
			const m: Model = {
				link: null,
				leaving: false,
				stalled: false,
				cordoned: false,
				draining: false,
				suspect: false,
				revoked: false,
			};
			const links: FakeLink[] = [];
			const gone = () => {
				if (m.draining && queue.runningOn(node.id) === 0) m.draining = false;
				Object.assign(m, { link: null, leaving: false, stalled: false });
			};
			const steer = async (act: 'cordon' | 'uncordon' | 'drain', change: Partial<Model>) => {
				const isDone = await agents.steering[act](node.id, ADMIN).then(
					() => true,
					(error: { code: string }) => {
						expect(error.code).toBe('wrong-state');
						return false;
					},
				);
				const isRefused = m.revoked || (act === 'drain' && !m.link && queue.runningOn(node.id) === 0);
				expect(isDone).toBe(!isRefused);
				if (isDone) Object.assign(m, change);
			};
			const run: Record<(typeof COMMANDS)[number] | (typeof RARE)[number], () => Promise<unknown> | unknown> = {
				connect() {
					const { link, greeting } = connect(node);
					expect(greeting.ok).toBe(!m.revoked);
					if (!greeting.ok) return;
					links.push(link);
					Object.assign(m, { link, leaving: false, stalled: false });
				},
				disconnect() {
					if (!m.link) return;
					const link = m.link;
					gone();
					agents.links.disconnect(node.id, link);
				},
				'old-disconnect': () =>
					links.filter((link) => link !== m.link).map((link) => agents.links.disconnect(node.id, link)),
				leaving() {
					for (const link of links) agents.links.leaving(node.id, link);
					if (m.link) m.leaving = true;
				},
				stall() {
					for (const link of links) agents.links.setStalled(node.id, link, true);
					if (m.link) m.stalled = true;
				},
				flow() {
					if (m.link) agents.links.setStalled(node.id, m.link, false);
					m.stalled = false;
				},
				cordon: () => steer('cordon', { cordoned: true }),
				uncordon: () => steer('uncordon', { cordoned: false, suspect: false, draining: false }),
				drain: () => steer('drain', { draining: true }),
				async suspect() {
					await agents.steering.suspect(node.id, ['tsk_x']);
					if (!m.revoked) m.suspect = true;
				},
				async revoke() {
					if (m.link) gone();
					m.revoked = true;
					await agents.steering.revoke(node.id, ADMIN);
				},
				async restart() {
					await agents[Symbol.asyncDispose]();
					await open();
					links.length = 0;
					Object.assign(m, { link: null, leaving: false, stalled: false });
				},
				work: () => queue.running.set(node.id, 1),
				rest: () => queue.running.set(node.id, 0),
			};
			for (const name of commands) {
				await run[name]();
				expect(state(node)).toBe(expectedState(m));
				expect(queue.offers.get(node.id)?.accepting).toBe(
					m.link === null ? undefined : expectedState(m) === 'online' && !m.stalled,
				);
				for (const link of links) if (link === m.link) expect(link.closed).toBeNull();
			}
		}),
		{ numRuns: 60 },
	);
}, 60_000);
