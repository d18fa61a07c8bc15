import { expect, test } from 'vitest';
import { Announcer } from '../report/announcer.ts';
import { QueueBoard } from './queue-board.ts';
import type { QueueEvents } from './queue-events.ts';

const NOW = 1_900_000_000_000;
const QUIET = { depth: 0, oldest: null as number | null, running: 0, in: 0, out: 0 };

/** A board over queues that the test steers, and what it has told. */
const stage = () => {
	const announcer = new Announcer<QueueEvents>((error) => {
		throw error;
	});
	const rows = ['fast', 'slow'].map((name) => ({ name, paused: false, drainingAt: null as number | null }));
	const found: Record<string, Omit<typeof QUIET, 'oldest'> & { oldest: number | null }> = {};
	const board = new QueueBoard({ announcer, rows: () => rows });
	let second = 0;
	const look = (times = 1) => {
		for (let i = 0; i < times; i += 1) {
			second += 1;
			board.looked(NOW + second * 1_000, 1, (name) => ({ ...QUIET, ...found[name] }));
		}
	};
	const told: QueueEvents['queue:measured'][] = [];
	const listen = () => announcer.on('queue:measured', (event) => void told.push(event));
	const names = () => told.splice(0).map(({ pulses, gone }) => [pulses.map(({ name }) => name), gone]);
	return { rows, found, board, look, listen, told, names };
};

test('a queue is told when something about it has changed, all of them to whoever begins to listen', () => {
	const { rows, found, look, listen, names, told } = stage();
	look();
	const deafen = listen();
	look(3);
	expect(names()).toEqual([[['fast', 'slow'], []]]);
	found.fast = { ...QUIET, depth: 3, oldest: NOW };
	look(3);
	// What waits gets older by itself: that is told once, as when it came.
	expect(told[0]?.pulses[0]).toMatchObject({ queued: 3, oldestAt: new Date(NOW).toISOString() });
	expect(names()).toEqual([[['fast'], []]]);
	rows[1] = { name: 'slow', paused: true, drainingAt: null };
	look();
	expect(told[0]?.pulses[0]).toMatchObject({ name: 'slow', paused: true, draining: false });
	told.length = 0;
	rows.pop();
	look(2);
	expect(names()).toEqual([[[], ['slow']]]);
	deafen();
	look();
	listen();
	look();
	expect(names()).toEqual([[['fast'], []]]);
});

test('what was read and is as it was told before by the next look is told again', () => {
	const { board, look, listen, names } = stage();
	listen();
	look();
	names();
	// Paused and resumed between two looks, and read in between.
	board.read('fast', { queued: 0, paused: true, draining: false });
	board.read('slow', { queued: 0, paused: false, draining: false });
	board.read('unknown', { queued: 0, paused: false, draining: false });
	look(2);
	expect(names()).toEqual([[['fast'], []]]);
});

test('rates are those of the last ten seconds, and end', () => {
	const { found, board, look } = stage();
	found.fast = { ...QUIET, in: 4, out: 1 };
	look(5);
	found.fast = QUIET;
	look(5);
	expect(board.pulse('fast')).toMatchObject({ inPerSecond: 2, outPerSecond: 0.5 });
	look(10);
	expect(board.pulse('fast')).toMatchObject({ inPerSecond: 0, outPerSecond: 0 });
	expect(board.pulse('other')).toBeNull();
});

test('the trend holds the most of each ten seconds, ten minutes of it', () => {
	const { found, board, look } = stage();
	look(3);
	found.fast = { ...QUIET, depth: 7 };
	look();
	found.fast = QUIET;
	look(7);
	expect(board.trend('fast')).toEqual([7, 0]);
	look(1_000);
	expect(board.trend('fast')).toHaveLength(60);
});
