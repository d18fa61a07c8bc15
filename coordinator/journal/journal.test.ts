import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { JournalStage } from '../../test/support/journal-stage.ts';
import { type ModelTask, runCommand } from '../../test/support/scheduler-commands.ts';
import { histories } from '../../test/support/scheduler-histories.ts';
import type { JournalPart } from './journal-reader.ts';
import { appendChunks } from './journal-store.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: 1_700_000_000_000 }));
afterEach(() => void vi.useRealTimers());

const inputsOf = ({ inputs }: ModelTask): readonly string[] => inputs;
const task = (seq: number): ModelTask => ({
	seq,
	owner: 1,
	serviceClass: 'standard',
	routingKey: `normal.${seq}`,
	priority: 4,
	order: seq,
	boosted: false,
	needs: { cores: 1, memoryBytes: 0, hardware: {}, labels: {}, sandbox: 'none' },
	type: 'noop',
	avoidNode: null,
	inputs: [],
});
const eventsIn = (parts: readonly JournalPart[]): number =>
	parts.reduce((sum, part) => sum + (part.kind === 'events' ? part.events.length : 0), 0);

describe('the journal', () => {
	it('lets every decision of any history be made again, epoch by epoch', async () => {
		let decided = 0;
		let epoch = 1;
		await using stage = new JournalStage();
		await fc.assert(
			fc.asyncProperty(fc.array(histories, { minLength: 1, maxLength: 3 }), async (runs) => {
				const starts: number[] = [];
				for (const commands of runs) {
					await using journal = await stage.open();
					const scheduler = journal.scheduler({ inputsOf });
					let now = 0.25;
					let count = 0;
					for (const [i, command] of commands.entries()) {
						now += command.after + 0.125;
						const result = runCommand(scheduler as never, command, now);
						if (command.do === 'pick') {
							count += (result as unknown[]).length;
							count += scheduler.preempt(2, now).length;
						}
						if (i % 17 === 16) await journal.flush();
					}
					starts.push(count);
				}
				const epochs = await stage.replay(epoch);
				epoch += runs.length;
				expect(epochs.map(({ difference }) => difference)).toEqual(runs.map(() => null));
				expect(epochs.map(({ decisions }) => decisions)).toEqual(starts);
				decided += starts.reduce((a, b) => a + b, 0);
			}),
			{ numRuns: 60 },
		);
		expect(decided).toBeGreaterThan(25);
	});

	it('notices when a decision was another one', async () => {
		await using stage = new JournalStage();
		await using journal = await stage.open();
		const scheduler = journal.scheduler({ inputsOf });
		scheduler.setQueues([{ name: 'normal', bindingKeys: ['normal.#'], paused: false }], 0);
		scheduler.enqueue(task(1), 1);
		scheduler.pick(1, 2); // no node: nothing starts
		await journal.flush();
		const [, part] = await stage.parts();
		const events = part?.kind === 'events' ? part.events : [];
		const { replayJournal } = await import('./replay.ts');
		const lie = async function* (): AsyncGenerator<JournalPart> {
			yield { kind: 'begin', epoch: 1, at: 0 };
			const lied = events.map((event) =>
				event.do === 'pick' ? { ...event, starts: [{ seq: 1, node: 'n', inputs: [] }] } : event,
			);
			yield { kind: 'events', epoch: 1, at: ({ now }) => now, events: lied };
		};
		for await (const { difference } of replayJournal(lie())) {
			expect(difference).toMatchObject({ event: 2, written: ['1 on n'], decided: [] });
		}
	});

	it('is on disk a second after something happened, and writes nothing while nothing happens', async () => {
		await using stage = new JournalStage();
		const journal = await stage.open();
		const writes = vi.spyOn(stage.ledger, 'write');
		await vi.advanceTimersByTimeAsync(60_000);
		expect(writes).not.toHaveBeenCalled();
		const scheduler = journal.scheduler({ inputsOf });
		const written = new Promise<void>((resolve) => {
			writes.mockImplementationOnce(async () => resolve() as never);
		});
		scheduler.enqueue(task(1), 5);
		await vi.advanceTimersByTimeAsync(1_000);
		await written;
		expect(writes).toHaveBeenCalledWith(appendChunks, [expect.objectContaining({ events: 1, number: 0 })], {
			patient: true,
		});
		await journal.flush();
		await vi.advanceTimersByTimeAsync(60_000);
		expect(writes).toHaveBeenCalledTimes(1);
	});

	it('keeps what a full disk refuses, and writes it when there is room again', async () => {
		await using stage = new JournalStage();
		const journal = await stage.open();
		const scheduler = journal.scheduler({ inputsOf });
		stage.ledger.isFull = true;
		for (let seq = 1; seq <= 10_000; seq += 1) scheduler.enqueue(task(seq), seq);
		await journal.flush();
		expect(await stage.parts()).toEqual([]);
		scheduler.enqueue(task(10_001), 10_001);
		stage.ledger.isFull = false;
		await journal.flush();
		const parts = await stage.parts();
		expect(parts.filter(({ kind }) => kind === 'gap')).toEqual([]);
		expect(eventsIn(parts)).toBe(10_001);
	});

	it('loses what does not fit into memory, says how much that was, and replays up to there', async () => {
		await using stage = new JournalStage();
		const journal = await stage.open({ mostWaiting: 200_000 });
		const scheduler = journal.scheduler({ inputsOf });
		scheduler.enqueue(task(1), 1);
		await journal.flush();
		stage.ledger.isFull = true;
		// All in one turn: nothing can be deflated or written meanwhile.
		for (let seq = 2; seq <= 30_000; seq += 1) scheduler.enqueue(task(seq), seq);
		stage.ledger.isFull = false;
		await journal.flush();
		scheduler.enqueue(task(30_001), 30_001);
		await journal.flush();
		const parts = await stage.parts();
		const gaps = parts.filter((part) => part.kind === 'gap');
		expect(gaps).toHaveLength(1);
		expect(gaps[0]!.lost).toBeGreaterThan(0);
		expect(eventsIn(parts) + gaps[0]!.lost!).toBe(30_001);
		expect(await stage.replay()).toMatchObject([{ difference: null, missingFrom: gaps[0]!.from }]);
	});

	it('reads on after a chunk that is damaged, and tells of the gap', async () => {
		await using stage = new JournalStage();
		for (const body of [Buffer.alloc(0), Buffer.from('garbage')]) {
			const facts = { fromAt: 10, toAt: 20, fromClock: 0, events: 3, lost: 0 };
			await stage.ledger.write(appendChunks, [{ ...facts, epoch: 1, number: body.length, body }]);
		}
		const damaged = { kind: 'gap', epoch: 1, from: 10, to: 20, lost: 3 };
		const parts = await stage.parts();
		expect(parts.filter((part) => part.kind === 'gap' && part.lost === 3)).toEqual([damaged, damaged]);
	});

	it('forgets the oldest by age and by size', async () => {
		await using stage = new JournalStage();
		const chunk = (number: number, toAt: number) => ({
			...{ epoch: 1, number, fromAt: toAt - 1, toAt, fromClock: 0, events: 1, lost: 0 },
			body: Buffer.alloc(100),
		});
		const rows = Array.from({ length: 350 }, (_, i) => chunk(i, 1_000 + i));
		await stage.ledger.write(appendChunks, rows);
		const byAge = await stage.open({ keptMs: 10_000 });
		expect(await byAge.forgetOld(11_000 + 40)).toBe(40);
		const bySize = await stage.open({ keptBytes: 5_000 });
		expect(await bySize.forgetOld(0)).toBe(350 - 40 - 50);
		const [begin, gap] = await stage.parts();
		expect(begin).toMatchObject({ kind: 'begin', epoch: 1 });
		expect(gap, 'an epoch that lost its beginning says so').toMatchObject({ kind: 'gap', lost: null });
	});
});
