import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Assignment, AttemptRef } from '../../../shared/protocol/agent-link.ts';
import { AgentsRoom, beat, isGone, once } from '../../../test/support/agents-room.ts';
import { makeAssignment } from '../../../test/support/make-assignment.ts';
import { waitFor } from '../../../test/support/wait-for.ts';
import { SYSTEM } from '../../audit/doer.ts';

const REF: AttemptRef = { task: `tsk_${'0'.repeat(26)}`, attempt: 1, token: 'f'.repeat(32) };

let room: AgentsRoom;
beforeEach(async () => {
	room = await AgentsRoom.open();
});
afterEach(() => room[Symbol.asyncDispose]());

describe('what an agent sends', () => {
	test('reaches the queue under the node’s name', async () => {
		room.openDoor();
		const node = await room.join('a');
		const { socket } = await room.greet(node);
		socket.emit('task:started', { attempts: [REF] });
		socket.emit('task:progress', { items: [{ ...REF, progress: 0.5, phase: null }] });
		socket.emit('task:log', { items: [{ ...REF, firstSeq: 0, lines: [{ stream: 'out', text: 'hi' }] }] });
		expect(await beat(socket, [REF])).toEqual({ seq: 1, leaseMs: 30_000, void: [REF] });
		expect(room.queue.seen.map(({ node: by, what }) => [by, what])).toEqual([
			[node.id, 'started'],
			[node.id, 'progress'],
			[node.id, 'log'],
		]);
		socket.emit('agent:draining');
		await beat(socket);
		expect(room.state(node)).toBe('draining');
	});

	test('says each second how the machine is doing, and what is out of bounds is ignored and counted', async () => {
		room.openDoor();
		const node = await room.join('a');
		const { socket } = await room.greet(node);
		socket.emit('agent:metrics', { cpuLoad: 0.25, networkInBytesPerSecond: 7, unknown: 'x' });
		for (const bad of [{ cpuLoad: -1 }, { cpuLoad: 2 }, { load1: null }, { diskUsedBytes: 1e300 }, 'x', null, []]) {
			socket.emit('agent:metrics', bad);
		}
		await socket.timeout(5_000).emitWithAck('agent:heartbeat', { seq: 1, running: [], metrics: { cpuLoad: 0.5 } });
		expect(room.agents.links.ignored).toBe(7);
		expect(room.agents.nodes.view(node.id).metrics).toEqual({ cpuLoad: 0.5 });
		socket.emit('agent:metrics', { cpuLoad: 0.75 });
		await waitFor('the newest', () => room.agents.nodes.view(node.id).metrics?.cpuLoad === 0.75);
		expect([...room.agents.nodes.measured()]).toEqual([
			{ id: node.id, name: 'a', running: 0, slots: 4, metrics: { cpuLoad: 0.75 }, at: expect.any(Number) },
		]);
		socket.disconnect();
		await waitFor('the loss', () => room.state(node) === 'offline');
		expect([...room.agents.nodes.measured()]).toEqual([]);
	});

	test('and is malformed is ignored, counted, and told in few lines', async () => {
		room.openDoor();
		const { socket } = await room.greet(await room.join('a'));
		const junk: unknown[] = [null, 1, 'x', [], {}, { items: [] }, { items: 'x' }, { attempts: [{ task: 1 }] }];
		const events = ['task:started', 'task:progress', 'task:log', 'task:settle', 'agent:heartbeat', 'constructor'];
		for (const event of events) for (const message of junk) socket.emit(event, message);
		socket.emit('task:started', { attempts: [{ ...REF, token: 'x'.repeat(65) }] });
		socket.emit('task:settle', { items: [REF] }, 'no function');
		socket.emit('task:log', Buffer.from('binary'));
		await beat(socket);
		expect(socket.connected).toBe(true);
		expect(room.queue.seen).toEqual([]);
		const before = room.logged.filter(({ faults }) => faults).length;
		expect(before).toBe(1);
		socket.disconnect();
		const told = () => room.logged.filter(({ faults }) => faults).flatMap(({ faults }) => Object.values(faults ?? {}));
		await waitFor(
			'the rest to be told',
			() => told().reduce((sum, n) => sum + n, 0) === events.length * junk.length + 3,
		);
		expect(told().length).toBeLessThan(12);
	});

	test('in a flood is cut, while others are served', async () => {
		room.openDoor({ weightPerSecond: 100, weightBurst: 500 });
		const startedAt = performance.now();
		const { socket } = await room.greet(await room.join('a'));
		const other = (await room.greet(await room.join('b'))).socket;
		for (let i = 0; i < 20_000; i++) socket.emit('task:started', { attempts: [REF] });
		await isGone(socket);
		expect(room.queue.seen.length).toBeLessThanOrEqual(500 + (performance.now() - startedAt) / 10);
		expect(await beat(other)).toMatchObject({ seq: 1 });
	});

	test('as rubbish again and again is cut soon', async () => {
		room.openDoor();
		const { socket } = await room.greet(await room.join('a'));
		for (let i = 0; i < 2_000; i++) socket.emit('rubbish', i);
		await isGone(socket);
	});

	test('may be tens of thousands of settlements at once', async () => {
		room.openDoor();
		const node = await room.join('a');
		const { socket } = await room.greet(node);
		let settled = 0;
		room.queue.onSettle = async (_, items) => {
			settled += items.length;
			return items.map(() => 'accepted' as const);
		};
		for (let round = 0; round < 20; round++) {
			const batch = () => socket.emitWithAck('task:settle', node.settlement(...Array.from({ length: 10 }, () => REF)));
			await Promise.all(Array.from({ length: 200 }, batch));
		}
		expect(settled).toBe(40_000);
		expect(socket.connected).toBe(true);
	});

	test('in one frame that is too large ends its connection and nothing else', async () => {
		room.openDoor();
		const { socket } = await room.greet(await room.join('a'));
		const other = (await room.greet(await room.join('b'))).socket;
		socket.emit('task:log', {
			items: [{ ...REF, firstSeq: 0, lines: [{ stream: 'out', text: 'x'.repeat(300_000) }] }],
		});
		await isGone(socket);
		expect(await beat(other)).toMatchObject({ seq: 1 });
	});

	test('that makes us throw ends its connection and nothing else', async () => {
		room.openDoor();
		const { socket } = await room.greet(await room.join('a'));
		room.queue.onStarted = () => {
			throw new Error('boom');
		};
		socket.emit('task:started', { attempts: [REF] });
		await isGone(socket);
		expect(room.logged.some(({ msg }) => msg === 'a message of an agent could not be handled')).toBe(true);
	});
});

describe('a link', () => {
	test('is cut when its node is revoked, and the node is told why when it comes back', async () => {
		const door = room.openDoor();
		const node = await room.join('a');
		const { socket } = await room.greet(node);
		const gone = isGone(socket);
		await room.agents.steering.revoke(node.id, SYSTEM);
		await gone;
		expect((await room.greet(node)).answer).toMatchObject({ ok: false, code: 'node-revoked' });
		expect(door.size).toBe(0);
	});

	test('gives way to a newer one of the same node, which gets the work', async () => {
		const door = room.openDoor();
		const node = await room.join('a');
		const old = (await room.greet(node)).socket;
		const gone = isGone(old);
		const fresh = (await room.greet(node)).socket;
		await gone;
		const work = once<{ tasks: Assignment[] }>(fresh, 'task:assign');
		const assignment = makeAssignment('noop');
		door.assign(node.id, [assignment]);
		expect((await work).tasks).toEqual([assignment]);
		expect([door.size, room.queue.offers.get(node.id)?.accepting]).toEqual([1, true]);
	});

	test('that is lost takes the node offline', async () => {
		const door = room.openDoor();
		const node = await room.join('a');
		const { socket } = await room.greet(node);
		socket.disconnect();
		await waitFor('the loss', () => room.state(node) === 'offline');
		expect([door.size, room.queue.offers.has(node.id)]).toEqual([0, false]);
	});

	test('carries orders, also those given while the node was away', async () => {
		room.openDoor();
		const node = await room.join('a');
		const { socket } = await room.greet(node);
		const told = once(socket, 'agent:configure');
		await room.agents.steering.configure(node.id, { concurrency: 2 }, SYSTEM);
		expect(await told).toEqual({ concurrency: 2 });
		const drained = once(socket, 'agent:drain');
		await room.agents.steering.drain(node.id, SYSTEM);
		await drained;
		const { socket: again, nonce } = await room.dial();
		const orders: string[] = [];
		again.onAny((event: string) => orders.push(event));
		await again.emitWithAck('agent:hello', node.hello(nonce));
		await beat(again);
		expect(orders).toEqual(['agent:configure', 'agent:drain']);
	});

	test('never carries the order to drain before what was given just before it', async () => {
		const door = room.openDoor();
		const node = await room.join('a');
		const { socket } = await room.greet(node);
		const change = room.queue.changeNode.bind(room.queue);
		room.queue.changeNode = (offer) => {
			change(offer);
			door.assign(node.id, [makeAssignment('noop')]);
		};
		const orders: string[] = [];
		socket.onAny((event: string) => orders.push(event));
		await room.agents.steering.drain(node.id, SYSTEM);
		await beat(socket);
		expect(orders).toEqual(['task:assign', 'agent:drain']);
	});

	test('of which nothing is heard for a lease is cut', async () => {
		room.openDoor({}, 100);
		const node = await room.join('a');
		const { socket } = await room.greet(node);
		await isGone(socket);
		expect(room.state(node)).toBe('offline');
	});

	test('that takes in nothing gets no more work and is cut after a while', async () => {
		const door = room.openDoor({ stalledBytes: 1024 * 1024, stalledMs: 700, mostBytes: 64 * 1024 * 1024 });
		const node = await room.join('a');
		const { socket } = await room.greet(node);
		const { ws } = socket.io.engine.transport as unknown as { ws: { pause(): void; resume(): void } };
		ws.pause();
		const text = 'x'.repeat(1024 * 1024);
		// More than the system's own buffers hold.
		for (let i = 0; i < 16; i++) door.assign(node.id, [makeAssignment('noop', { parameters: { text } })]);
		await waitFor('the stall to be noticed', () => room.queue.offers.get(node.id)?.accepting === false);
		expect(room.state(node)).toBe('online');
		await waitFor('the cut', () => room.state(node) === 'offline');
	});

	test('that takes in everything after all gets work again', async () => {
		const door = room.openDoor({ mostBytes: 64 * 1024 * 1024 });
		const node = await room.join('a');
		const { socket } = await room.greet(node);
		const { ws } = socket.io.engine.transport as unknown as { ws: { pause(): void; resume(): void } };
		ws.pause();
		const text = 'x'.repeat(1024 * 1024);
		for (let i = 0; i < 16; i++) door.assign(node.id, [makeAssignment('noop', { parameters: { text } })]);
		await waitFor('the stall to be noticed', () => room.queue.offers.get(node.id)?.accepting === false);
		ws.resume();
		await waitFor('the end of the stall', () => room.queue.offers.get(node.id)?.accepting === true);
	});

	test('does not outlive its node’s leaving of the namespace', async () => {
		room.openDoor();
		const { socket } = await room.greet(await room.join('a'));
		const { engine } = socket.io;
		const closed = new Promise((resolve) => engine.once('close', resolve));
		// The packet by which a client leaves the namespace, without closing its connection.
		engine.write('1/agents,');
		await closed;
	});

	test('ends with the door', async () => {
		const door = room.openDoor();
		const { socket } = await room.greet(await room.join('a'));
		const gone = isGone(socket);
		door.close();
		await gone;
		expect(door.size).toBe(0);
	});
});
