import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LinkKeyExchange } from '../../shared/link-key/link-key.ts';
import type { Hello } from '../../shared/protocol/agent-link.ts';
import { helloSchema } from '../../shared/protocol/agent-link.ts';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { TestLedger } from '../../test/support/test-ledger.ts';
import { TestNode } from '../../test/support/test-node.ts';
import { ACT_OPERATIONS, listActs } from '../acts/act-store.ts';
import { Announcer } from '../report/announcer.ts';
import type { NodeOffer } from '../scheduler/node-slots.ts';
import { Agents } from './agents.ts';
import type { NodeEvents } from './node-events.ts';
import { AGENT_OPERATIONS } from './operations.ts';

const ADMIN = { actor: 'usr_admin', address: '127.0.0.1' };
const START = 1_800_000_000_000;
const HOUR = 3_600_000;
const EXCHANGE = new LinkKeyExchange();

let folder: TempFolder;
let ledger: TestLedger;
let agents: Agents;
let node: TestNode;
const offers = new Map<string, NodeOffer>();

const open = async () => {
	agents = await Agents.open({
		ledger,
		queue: {
			connectNode(offer) {
				offers.set(offer.id, offer);
				return [];
			},
			changeNode: (offer) => void offers.set(offer.id, offer),
			disconnectNode: (id) => void offers.delete(id),
			heartbeat: () => [],
			runningOn: () => 0,
			slotsInUse: () => 0,
			workOn: () => ({}),
		},
		announcer: new Announcer<NodeEvents>(() => {}),
		logger: pino({ level: 'silent' }),
	});
};
const connect = (options: Partial<Hello> = {}) => {
	const link = { address: '', drain() {}, configure() {}, close() {} };
	const greeting = agents.links.connect(node.hello(EXCHANGE.publicKey, options), EXCHANGE, link);
	return { link, greeting };
};
const view = () => agents.nodes.view(node.id);
/** Lets time pass, and what is then written be written. */
const pass = async (ms: number) => {
	await vi.advanceTimersByTimeAsync(ms);
	for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
};
const until = (ms: number) => ({ reason: 'new disk', until: Date.now() + ms });

beforeEach(async () => {
	vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'], now: START });
	folder = new TempFolder();
	ledger = new TestLedger({
		file: folder.join('ledger.db'),
		operations: [...AGENT_OPERATIONS, ...ACT_OPERATIONS],
	});
	await open();
	node = new TestNode('lab');
	const { token } = await agents.tokens.create({}, ADMIN);
	node.id = (await agents.joining.join({ token, name: 'lab', publicKey: node.publicKey }, '')).node;
});
afterEach(async () => {
	vi.useRealTimers();
	await agents[Symbol.asyncDispose]();
	await ledger[Symbol.asyncDispose]();
	await folder[Symbol.asyncDispose]();
});

test('a node is cordoned until a time, says why, and takes work again at that moment', async () => {
	connect();
	await agents.steering.cordon(node.id, ADMIN, until(2 * HOUR));
	expect(view()).toMatchObject({
		...{ state: 'cordoned', reason: 'new disk', by: 'usr_admin', since: new Date(START).toISOString() },
		until: new Date(START + 2 * HOUR).toISOString(),
	});
	await pass(2 * HOUR - 1);
	expect(offers.get(node.id)?.accepting).toBe(false);
	await pass(1);
	expect(offers.get(node.id)?.accepting).toBe(true);
	expect(view()).toMatchObject({ state: 'online', reason: null, until: null, by: null });
});

test('that holds over a restart, also when the time came while nobody was there', async () => {
	await agents.steering.cordon(node.id, ADMIN, until(HOUR));
	await agents[Symbol.asyncDispose]();
	await open();
	connect();
	await pass(HOUR / 2);
	expect(view().state).toBe('cordoned');
	await agents[Symbol.asyncDispose]();
	vi.setSystemTime(START + HOUR - 5_000);
	await open();
	connect();
	await pass(4_999);
	expect(view().state).toBe('cordoned');
	await pass(1);
	expect(view().state, 'at that moment, not at the next look').toBe('online');
	await agents.steering.cordon(node.id, ADMIN, until(HOUR / 2));
	await agents[Symbol.asyncDispose]();
	vi.setSystemTime(START + 2 * HOUR);
	await open();
	await pass(0);
	connect();
	expect(view().state).toBe('online');
});

test('a clock that jumps is noticed within a minute', async () => {
	connect();
	await agents.steering.cordon(node.id, ADMIN, until(5 * HOUR));
	vi.setSystemTime(START + 6 * HOUR);
	await pass(60_000);
	expect(view().state).toBe('online');
	await agents.steering.cordon(node.id, ADMIN, until(HOUR));
	// Back: what was in an hour is now in seven.
	vi.setSystemTime(START);
	await pass(2 * HOUR);
	expect(view().state).toBe('cordoned');
});

test('a later word counts, not the time of an earlier one', async () => {
	connect();
	await agents.steering.cordon(node.id, ADMIN, until(HOUR));
	await agents.steering.cordon(node.id, ADMIN, { reason: 'for good', until: null });
	await pass(2 * HOUR);
	expect(view()).toMatchObject({ state: 'cordoned', reason: 'for good', until: null });
	await agents.steering.cordon(node.id, ADMIN, until(HOUR));
	await agents.steering.cordon(node.id, ADMIN, until(3 * HOUR));
	await pass(2 * HOUR);
	expect(view().state).toBe('cordoned');
	await expect(agents.steering.cordon(node.id, ADMIN, { reason: null, until: Date.now() })).rejects.toMatchObject({
		code: 'invalid',
	});
});

test('a node that was drained until a time gets no work when it comes back before', async () => {
	const { link } = connect();
	await agents.steering.drain(node.id, ADMIN, until(HOUR));
	expect(view()).toMatchObject({ state: 'draining', reason: 'new disk' });
	agents.links.disconnect(node.id, link);
	await pass(0);
	expect(view()).toMatchObject({ state: 'offline', since: new Date(START).toISOString(), reason: 'new disk' });
	expect(connect().greeting).toMatchObject({ ok: true, orders: { drain: false } });
	expect(view()).toMatchObject({ state: 'cordoned', reason: 'new disk', drainedAt: null });
	await pass(HOUR);
	expect(view().state).toBe('online');
});

test('a node that was drained and has left says so, over a restart too, until it is back or something else is said of it', async () => {
	const drained = async () => {
		const { link } = connect();
		await agents.steering.drain(node.id, ADMIN, { reason: 'new disk', until: null });
		await pass(1_000);
		agents.links.disconnect(node.id, link);
		await pass(0);
	};
	await drained();
	const said = { state: 'offline', reason: 'new disk', by: 'usr_admin', since: null };
	expect(view()).toMatchObject({ ...said, drainedAt: new Date(START + 1_000).toISOString() });
	await agents[Symbol.asyncDispose]();
	await open();
	expect(view()).toMatchObject({ ...said, drainedAt: new Date(START + 1_000).toISOString() });
	const { link } = connect();
	expect(view()).toMatchObject({ state: 'online', reason: null, by: null, drainedAt: null });
	// It leaves of its own accord: that is no drain.
	agents.links.disconnect(node.id, link);
	expect(view()).toMatchObject({ state: 'offline', reason: null, drainedAt: null });
	await drained();
	await agents.steering.cordon(node.id, ADMIN, { reason: 'no more', until: null });
	expect(view()).toMatchObject({ reason: 'no more', drainedAt: null });
});

test('cordon and uncordon are undone, unless something else has been said since', async () => {
	connect();
	const newest = async () => (await ledger.read(listActs, { before: null, limit: 1 }))[0]!;
	await agents.steering.cordon(node.id, ADMIN, until(HOUR));
	vi.setSystemTime(START + 1);
	await agents.steering.uncordon(node.id, ADMIN);
	const uncordon = await newest();
	vi.setSystemTime(START + 2);
	expect(await agents.steering.undo(uncordon, ADMIN)).toMatchObject({ changed: 1 });
	expect(view()).toMatchObject({ state: 'cordoned', reason: 'new disk' });
	await pass(HOUR);
	expect(view().state, 'its time is noted again').toBe('online');
	await agents.steering.cordon(node.id, ADMIN);
	const cordon = await newest();
	vi.setSystemTime(Date.now() + 1);
	await agents.steering.cordon(node.id, ADMIN, { reason: 'other', until: null });
	expect(await agents.steering.undo(cordon, ADMIN)).toMatchObject({ changed: 0, skipped: 1 });
	expect(view()).toMatchObject({ state: 'cordoned', reason: 'other' });
});

test('an administrator’s policy goes to the scheduler with every offer, and outlives a restart', async () => {
	connect();
	const policy = { taskTypes: ['md5'], reservedFor: ['capture-card'] };
	expect(await agents.steering.configure(node.id, { policy }, ADMIN)).toMatchObject({ policy });
	expect(offers.get(node.id)?.policy).toEqual(policy);
	await agents[Symbol.asyncDispose]();
	await open();
	connect();
	expect(offers.get(node.id)?.policy).toEqual(policy);
	await agents.steering.configure(node.id, { policy: null }, ADMIN);
	expect(offers.get(node.id)?.policy).toBeUndefined();
});

test('a node may declare 10,000 cores and 1,024 slots, and no more than 65,536 and 1,024', () => {
	const { capabilities } = node.hello(EXCHANGE.publicKey);
	const hello = (cores: number, concurrency: number) =>
		node.hello(EXCHANGE.publicKey, { capabilities: { ...capabilities, cores }, concurrency });
	expect(connect(hello(10_000, 1_024)).greeting.ok).toBe(true);
	expect(view()).toMatchObject({ concurrency: 1_024, capabilities: { cores: 10_000 } });
	expect(offers.get(node.id)).toMatchObject({ concurrency: 1_024, capabilities: { cores: 10_000 } });
	for (const [cores, concurrency] of [
		[65_537, 1],
		[0, 1],
		[1.5, 1],
		[1, 1_025],
		[1, 0],
	] as const) {
		expect(helloSchema.safeParse(hello(cores, concurrency)).success, `${cores} ${concurrency}`).toBe(false);
	}
});

test('a node that connects while it is forgotten is cut off', async () => {
	const forgetting = agents.steering.forget(node.id, ADMIN);
	const close = vi.fn();
	const link = { address: '', drain() {}, configure() {}, close };
	expect(agents.links.connect(node.hello(EXCHANGE.publicKey), EXCHANGE, link).ok, 'it is not written yet').toBe(true);
	await forgetting;
	expect(close).toHaveBeenCalledOnce();
});
