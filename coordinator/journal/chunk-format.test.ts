import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NodeOffer } from '../scheduler/node-slots.ts';
import { BadChunk, ChunkReader } from './chunk-reader.ts';
import { ChunkWriter } from './chunk-writer.ts';
import type { SchedulerAct } from './event.ts';

const number = fc.oneof(
	fc.integer({ min: 0, max: 200 }),
	fc.maxSafeInteger(),
	fc.double({ noDefaultInfinity: false }),
	fc.constantFrom(-0, 2 ** 51, 2 ** 51 + 1, -(2 ** 51), Number.MIN_SAFE_INTEGER),
);
const seq = fc.maxSafeInteger();
const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('normal.a', 'nod_1', 'ä'));
const task = fc.record({
	seq,
	owner: number,
	serviceClass: text,
	routingKey: text,
	priority: fc.integer({ min: 0, max: 9 }),
	order: number,
	boosted: fc.boolean(),
	needs: fc.constantFrom(
		{ cores: 1, memoryBytes: 0, hardware: {}, labels: {}, sandbox: 'none' as const },
		{ cores: 0.5, memoryBytes: 1e9, hardware: { card: 1 }, labels: { zone: 'a' }, sandbox: 'strong' as const },
	),
	type: text,
	avoidNode: fc.option(text),
});
const inputs = fc.array(text, { maxLength: 3 });
const act: fc.Arbitrary<SchedulerAct> = fc.oneof(
	fc.record({
		do: fc.constant('setQueues' as const),
		queues: fc.array(fc.record({ name: text, bindingKeys: fc.array(text), paused: fc.boolean() }), { maxLength: 3 }),
	}),
	fc.record({ do: fc.constant('setClasses' as const), classes: fc.constant([]) }),
	fc.record({ do: fc.constant('learnCosts' as const), costs: fc.array(fc.record({ type: text, cost: fc.nat() })) }),
	fc.record({
		do: fc.constant('setNode' as const),
		node: fc.record({ id: text, later: fc.object() }) as fc.Arbitrary<unknown> as fc.Arbitrary<NodeOffer>,
	}),
	fc.record({ do: fc.constant('removeNode' as const), id: text }),
	fc.record({ do: fc.constant('enqueue' as const), task }),
	fc.record({ do: fc.constant('remove' as const), seq }),
	fc.record({ do: fc.constant('restoreLease' as const), task, node: text, inputs }),
	fc.record({ do: fc.constant('release' as const), seq, cost: fc.option(number) }),
	fc.record({
		do: fc.constant('pick' as const),
		limit: fc.oneof(number, fc.constant(Number.POSITIVE_INFINITY)),
		starts: fc.array(fc.record({ seq, node: text, inputs }), { maxLength: 4 }),
	}),
	fc.record({ do: fc.constant('preempt' as const), limit: number, asked: fc.array(seq, { maxLength: 4 }) }),
);

const write = (writer: ChunkWriter, what: SchedulerAct, now: number): void => {
	if (what.do === 'setQueues') writer.plain(what.do, what.queues, now);
	else if (what.do === 'setClasses') writer.plain(what.do, what.classes, now);
	else if (what.do === 'learnCosts') writer.plain(what.do, what.costs, now);
	else if (what.do === 'setNode') writer.plain(what.do, what.node, now);
	else if (what.do === 'removeNode') writer.plain(what.do, what.id, now);
	else if (what.do === 'enqueue') writer.enqueue(what.task, now);
	else if (what.do === 'remove') writer.remove(what.seq, now);
	else if (what.do === 'restoreLease') writer.restoreLease(what.task, what.node, what.inputs, now);
	else if (what.do === 'release') writer.release(what.seq, what.cost, now);
	else if (what.do === 'pick') writer.pick(what.limit, what.starts, now);
	else writer.preempt(what.limit, what.asked, now);
};

const history = fc.tuple(fc.nat(), fc.array(fc.tuple(act, fc.nat()), { maxLength: 40 }));
const written = (from: number, acts: readonly (readonly [SchedulerAct, number])[]) => {
	const writer = new ChunkWriter(from, 100);
	let now = from;
	const events = acts.map(([what, after]) => {
		now += after;
		write(writer, what, now);
		return { ...what, now };
	});
	return { bytes: writer.finish(), events };
};
/** What JSON makes of the objects that are written as JSON. */
const asStored = (what: SchedulerAct): SchedulerAct =>
	what.do === 'setNode' ? { ...what, node: JSON.parse(JSON.stringify(what.node)) } : what;

describe('a chunk of the journal', () => {
	it('gives back every event as it was, to the last bit', () => {
		fc.assert(
			fc.property(history, ([from, acts]) => {
				const { bytes, events } = written(from, acts);
				const read = [...new ChunkReader(bytes, from).events()];
				expect(read).toEqual(events.map((event) => ({ ...asStored(event), now: event.now })));
			}),
			{ numRuns: 500 },
		);
	});

	it('takes garbage and what was cut for what it is', () => {
		fc.assert(
			fc.property(history, fc.nat(), fc.integer({ min: 0, max: 255 }), (one, where, byte) => {
				const { bytes } = written(one[0], one[1]);
				const spoilt = Buffer.from(bytes);
				spoilt[where % spoilt.length] = byte;
				for (const garbage of [spoilt, bytes.subarray(0, where % bytes.length)]) {
					try {
						for (const _ of new ChunkReader(garbage, 0).events());
					} catch (error) {
						expect(error).toBeInstanceOf(BadChunk);
					}
				}
			}),
			{ numRuns: 500 },
		);
	});

	it('writes a thousand tasks of one kind in a few bytes each', () => {
		const writer = new ChunkWriter(0, 64 * 1024);
		const needs = { cores: 1, memoryBytes: 0, hardware: {}, labels: {}, sandbox: 'none' as const };
		const kind = { owner: 7, serviceClass: 'standard', routingKey: 'normal.noop', priority: 4, needs, type: 'noop' };
		for (let i = 0; i < 1_000; i += 1) {
			writer.enqueue({ ...kind, seq: 1e6 + i, order: 1.7e12 + i, boosted: false, avoidNode: null }, i);
		}
		expect(writer.size / 1_000).toBeLessThan(14);
	});
});
