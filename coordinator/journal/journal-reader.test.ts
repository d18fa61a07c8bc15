import { randomBytes } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { JournalStage } from '../../test/support/journal-stage.ts';
import { ChunkWriter } from './chunk-writer.ts';
import { type JournalPart, readJournal } from './journal-reader.ts';
import { appendChunks } from './journal-store.ts';

let stage: JournalStage;
beforeEach(() => {
	stage = new JournalStage();
});
afterEach(async () => stage[Symbol.asyncDispose]());

/** One event a chunk, each second, as on a day on which little happens; `more` is what a task's key is made longer by. */
const append = async (epoch: number, count: number, { from = 0, more = '' } = {}): Promise<void> => {
	const rows = Array.from({ length: count }, (_, number) => {
		const writer = new ChunkWriter(0, 1_000);
		const needs = { cores: 1, memoryBytes: epoch, hardware: {}, labels: {}, sandbox: 'none' } as const;
		const task = {
			seq: number,
			owner: 1,
			serviceClass: 'standard',
			routingKey: `normal.${more}`,
			priority: 4,
			order: 1,
		};
		writer.enqueue({ ...task, boosted: false, needs, type: 'noop', avoidNode: null }, 0);
		const at = from + number * 1_000;
		const facts = { epoch, number, fromAt: at, toAt: at, fromClock: 0, events: 1, lost: 0 };
		return { ...facts, body: deflateRawSync(writer.finish()) };
	});
	await stage.ledger.write(appendChunks, rows);
};

const read = async (range: Parameters<typeof readJournal>[1]): Promise<JournalPart[]> => {
	const parts: JournalPart[] = [];
	for await (const part of readJournal(stage.ledger, range)) parts.push(part);
	return parts;
};

const tasksIn = (parts: readonly JournalPart[]) =>
	parts.flatMap((part) =>
		part.kind === 'events' ? part.events.flatMap((event) => (event.do === 'enqueue' ? [event.task] : [])) : [],
	);

it('reads every chunk once and in order, however many pages they fill', async () => {
	await append(1, 2_500);
	const parts = await read({ fromEpoch: 1, toEpoch: 1 });
	expect(parts.filter(({ kind }) => kind !== 'events')).toEqual([{ kind: 'begin', epoch: 1, at: 0 }]);
	expect(tasksIn(parts).map(({ seq }) => seq)).toEqual(Array.from({ length: 2_500 }, (_, i) => i));
});

it('reads large chunks a few at a time', async () => {
	// Nothing that can be deflated: four of them are more than a page.
	await append(1, 10, { more: randomBytes(150_000).toString('base64') });
	expect(tasksIn(await read({ fromEpoch: 1, toEpoch: 1 }))).toHaveLength(10);
});

it('reads the epochs that were asked for, from a time on, and nothing of the others', async () => {
	for (const epoch of [1, 3, 4]) await append(epoch, 5, { from: epoch * 100_000 });
	const begun = (parts: readonly JournalPart[]) =>
		parts.filter(({ kind }) => kind === 'begin').map((part) => part.epoch);
	const of = async (fromEpoch: number, toEpoch: number) => begun(await read({ fromEpoch, toEpoch }));
	expect(await of(0, Number.MAX_SAFE_INTEGER)).toEqual([1, 3, 4]);
	expect(await of(2, 3)).toEqual([3]);
	expect(await of(4, 9)).toEqual([4]);
	expect(await of(5, 9)).toEqual([]);
	const late = await read({ fromEpoch: 3, toEpoch: 3, endsFrom: 302_500 });
	expect(tasksIn(late).map(({ seq }) => seq)).toEqual([3, 4]);
});

it('gives what stands in many chunks as the same object, so that it is held and compared once', async () => {
	await append(1, 3);
	const [first, ...others] = tasksIn(await read({ fromEpoch: 1, toEpoch: 1 }));
	for (const { needs } of others) expect(needs).toBe(first!.needs);
});
