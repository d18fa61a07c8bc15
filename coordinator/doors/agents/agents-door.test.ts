import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CodedError } from '../../../shared/coded-error.ts';
import type { Assignment, AttemptRef } from '../../../shared/protocol/agent-link.ts';
import { AgentsRoom, beat, isGone } from '../../../test/support/agents-room.ts';
import { makeAssignment } from '../../../test/support/make-assignment.ts';
import type { TestNode } from '../../../test/support/test-node.ts';
import { waitFor } from '../../../test/support/wait-for.ts';

const REF: AttemptRef = { task: `tsk_${'0'.repeat(26)}`, attempt: 1, token: 'f'.repeat(32) };

let room: AgentsRoom;
beforeEach(async () => {
	room = await AgentsRoom.open();
});
afterEach(() => room[Symbol.asyncDispose]());

describe('a hello', () => {
	test('is answered with the lease’s length and what is void', async () => {
		const door = room.openDoor();
		const node = await room.join('lab');
		const { answer } = await room.greet(node, { running: [REF] });
		expect(answer).toEqual({
			ok: true,
			coordinatorTime: expect.any(Number),
			leaseMs: 30_000,
			heartbeatMs: 10_000,
			void: [REF],
		});
		expect(door.size).toBe(1);
		expect(room.queue.offers.get(node.id)?.accepting).toBe(true);
	});

	test.each<[string, (node: TestNode, nonce: string) => unknown, string]>([
		['an unknown node', (node, nonce) => ({ ...node.hello(nonce), node: `nod_${'z'.repeat(26)}` }), 'node-unknown'],
		['another nonce', (node) => node.hello('some-other-nonce'), 'bad-signature'],
		['another version', (_, __) => ({ protocol: { major: 7, minor: 0 }, whatever: true }), 'protocol-version'],
		['a lying size', (node, nonce) => ({ ...node.hello(nonce), concurrency: 1e9 }), 'bad-request'],
		['nothing', () => null, 'bad-request'],
		['text', () => 'hello', 'bad-request'],
	])('with %s is refused, and the socket ends', async (_, hello, code) => {
		room.openDoor();
		const node = await room.join('lab');
		const { socket, answer } = await room.greet(node, (nonce) => hello(node, nonce));
		expect(answer).toMatchObject({ ok: false, code, message: expect.any(String) });
		await isGone(socket);
		expect(room.queue.offers.size).toBe(0);
	});

	test.each([[[]], [[null]], [[{ message: 'no' }]]])(
		'an event called error with %j costs the link and nothing else',
		async (args) => {
			const door = room.openDoor();
			const node = await room.join('lab');
			const { socket } = await room.greet(node);
			socket.emit('error', ...args);
			await isGone(socket);
			const stranger = await room.dial();
			stranger.socket.emit('error', ...args);
			await isGone(stranger.socket);
			expect((await room.greet(node)).answer).toMatchObject({ ok: true });
			expect(door.size).toBe(1);
		},
	);

	test('that does not come in time drops the connection', async () => {
		room.openDoor({ helloWithinMs: 50 });
		const { socket } = await room.dial();
		await isGone(socket);
	});

	test('must be the first word', async () => {
		room.openDoor();
		const { socket } = await room.dial();
		socket.emit('task:settle', { items: [REF] }, () => {});
		await isGone(socket);
		expect(room.queue.seen).toEqual([]);
	});

	test('counts once: a second one is a fault', async () => {
		room.openDoor();
		const node = await room.join('lab');
		const { socket } = await room.greet(node);
		socket.emit('agent:hello', node.hello('x'), () => {});
		await beat(socket);
		expect(room.logged.at(-1)?.faults).toEqual({ 'unknown event': 1 });
	});

	test('is heard although strangers fill the door: the oldest of them go', async () => {
		const door = room.openDoor({ mostStrangersOfNetwork: 2 });
		const first = await room.dial();
		await room.dial();
		const node = await room.join('lab');
		const { answer } = await room.greet(node);
		expect(answer).toMatchObject({ ok: true });
		await isGone(first.socket);
		expect(door.size).toBe(1);
	});
});

describe('work', () => {
	test('of one turn travels in one message, and of another node in another', async () => {
		const door = room.openDoor();
		const [a, b] = [await room.join('a'), await room.join('b')];
		const [atA, atB] = [(await room.greet(a)).socket, (await room.greet(b)).socket];
		const seen: Record<string, string[][]> = { a: [], b: [] };
		atA.on('task:assign', ({ tasks }: { tasks: Assignment[] }) => seen.a?.push(tasks.map(({ task }) => task)));
		atB.on('task:assign', ({ tasks }: { tasks: Assignment[] }) => seen.b?.push(tasks.map(({ task }) => task)));
		const tasks = Array.from({ length: 5 }, () => makeAssignment('noop'));
		door.assign(a.id, tasks.slice(0, 2));
		door.assign(b.id, tasks.slice(2, 3));
		door.assign(a.id, tasks.slice(3));
		await waitFor('the work', () => seen.a?.length === 1 && seen.b?.length === 1);
		await Promise.all([beat(atA), beat(atB)]);
		const ids = tasks.map(({ task }) => task);
		expect(seen).toEqual({ a: [[ids[0], ids[1], ids[3], ids[4]]], b: [[ids[2]]] });
	});

	test('is cut into messages of 500 tasks and less than 200 KiB, in order', async () => {
		const door = room.openDoor();
		const node = await room.join('a');
		const { socket } = await room.greet(node);
		const messages: Assignment[][] = [];
		socket.on('task:assign', ({ tasks }: { tasks: Assignment[] }) => messages.push(tasks));
		const small = Array.from({ length: 1_200 }, () => makeAssignment('noop'));
		const large = Array.from({ length: 20 }, (_, i) =>
			makeAssignment('noop', { parameters: { text: '\u0001€'.repeat(i * 400) }, command: ['x'.repeat(9_000)] }),
		);
		const giant = makeAssignment('noop', { parameters: { text: 'x'.repeat(300_000) } });
		const all = [...small, ...large, giant, ...small.slice(0, 1)];
		door.assign(node.id, all);
		await waitFor('all of it', () => messages.flat().length === all.length);
		expect(messages.flat()).toEqual(all);
		for (const message of messages) {
			expect(message.length).toBeLessThanOrEqual(500);
			const bytes = Buffer.byteLength(JSON.stringify(['task:assign', { tasks: message }]));
			if (message.length > 1) expect(bytes).toBeLessThan(200 * 1024);
		}
		expect(messages.length).toBeLessThan(20);
	});

	test('is not overtaken by its cancelling', async () => {
		const door = room.openDoor();
		const node = await room.join('a');
		const { socket } = await room.greet(node);
		const order: string[] = [];
		socket.onAny((event: string) => order.push(event));
		door.assign(node.id, [makeAssignment('noop')]);
		door.cancel(node.id, { attempts: [{ ...REF, reason: 'cancelled' }] });
		await beat(socket);
		expect(order).toEqual(['task:assign', 'task:cancel']);
	});

	test('for a node that is not there is nobody’s', () => {
		const door = room.openDoor();
		door.assign('nod_gone', [makeAssignment('noop')]);
		door.cancel('nod_gone', { attempts: [] });
	});
});

describe('settlements', () => {
	test('are acknowledged after they are written, not before', async () => {
		room.openDoor();
		const node = await room.join('a');
		const { socket } = await room.greet(node);
		let commit: () => void = () => {};
		const committed = new Promise<void>((resolve) => {
			commit = resolve;
		});
		let isAnswered = false;
		room.queue.onSettle = async (by, items) => {
			expect(by).toBe(node.id);
			await committed;
			expect(isAnswered).toBe(false);
			return items.map(() => 'accepted' as const);
		};
		const answer = socket.emitWithAck('task:settle', node.settlement({ ...REF, outcome: 'succeeded' }));
		void answer.then(() => {
			isAnswered = true;
		});
		await beat(socket);
		expect(isAnswered).toBe(false);
		commit();
		expect(await answer).toEqual({ statuses: ['accepted'] });
	});

	test.each([
		['a busy ledger', new CodedError('overloaded', undefined, { retryAfter: 3 }), 3_000],
		['a full disk', new CodedError('disk-full'), 1_000],
		['a fault of ours', new Error('boom'), 5_000],
	])('that meet %s are asked to come again', async (_, error, retryAfterMs) => {
		room.openDoor();
		const node = await room.join('a');
		const { socket } = await room.greet(node);
		room.queue.onSettle = () => Promise.reject(error);
		expect(await socket.emitWithAck('task:settle', node.settlement(REF))).toEqual({ retryAfterMs });
	});

	test('beyond what may wait are asked to come again without being looked at', async () => {
		room.openDoor({ mostUnansweredSettles: 2 });
		const node = await room.join('a');
		const { socket } = await room.greet(node);
		let looked = 0;
		room.queue.onSettle = () => {
			looked += 1;
			return new Promise(() => {});
		};
		for (let i = 0; i < 2; i++) socket.emit('task:settle', node.settlement(REF), () => {});
		expect(await socket.emitWithAck('task:settle', node.settlement(REF))).toEqual({ retryAfterMs: expect.any(Number) });
		await waitFor('the first two to be looked at', () => looked === 2);
	});

	test('that the node has not sealed as they are count for nothing, and that is told', async () => {
		room.openDoor();
		const [node, other] = [await room.join('a'), await room.join('b')];
		const { socket } = await room.greet(node);
		await room.greet(other);
		const settled: unknown[] = [];
		room.queue.onSettle = async (_, items) => {
			settled.push(...items);
			return items.map(() => 'accepted' as const);
		};
		const usage = { wallMs: 1, cpuMs: 1, peakMemoryBytes: 1, bytesIn: 0, bytesOut: 0 };
		const item = { ...REF, outcome: 'succeeded', usage };
		const { seal } = node.settlement(item);
		const changed = (more: object) => ({ items: [{ ...item, usage: { ...usage, ...more } }], seal });
		const wrong = [
			...[{ items: [item] }, { items: [item], seal: 7 }, { items: [item], seal: 'A'.repeat(43) }],
			...[other.settlement(item), { items: [item, item], seal }, { items: [{ ...item, attempt: 2 }], seal }],
			...[
				changed({ cpuMs: 1.001 }),
				changed({ bytesOut: 1 }),
				changed({ measured: 'cgroup' }),
				changed({ wallMs: null }),
			],
		];
		for (const message of wrong) {
			expect(await socket.emitWithAck('task:settle', message)).toMatchObject({ refused: 'bad-signature' });
		}
		expect(settled).toEqual([]);
		const { faults } = room.agents.nodes.view(node.id);
		expect(faults).toMatchObject({ badSeals: wrong.length, impossibleUsage: 0 });
		expect(room.refused).toHaveLength(wrong.length);
		expect(room.refused[0]).toMatchObject([{ actor: node.id }, 'node.settle', node.id]);
		expect(await socket.emitWithAck('task:settle', { items: [item], seal })).toEqual({ statuses: ['accepted'] });
		expect(room.agents.nodes.view(other.id).faults).toBeNull();
	});
});
