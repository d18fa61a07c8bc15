import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FileTask, UploadAnswer } from '../../../shared/protocol/file.ts';
import { nextName } from './keep-both.ts';
import { SpeedMeter } from './speed-meter.ts';
import { newItem, type UploadItem } from './upload-item.ts';
import { EMPTY_QUEUE, reduceUploads, type UploadEvent, type UploadQueue } from './upload-queue.ts';
import { toStart, totalsOf } from './upload-totals.ts';

const FILE = `fil_${'0'.repeat(26)}`;
const TASK = `tsk_${'0'.repeat(26)}`;

const answer = (path: string): UploadAnswer => ({
	file: { id: FILE, path, size: 100, sha256: 'a'.repeat(64), version: 1 },
	tasks: [{ id: TASK, type: 'md5', state: 'queued' }],
});

const run = (queue: UploadQueue, ...events: UploadEvent[]) => events.reduce(reduceUploads, queue);
const added = (...paths: string[]) =>
	run(EMPTY_QUEUE, {
		kind: 'added',
		items: paths.map((path, at) => newItem(String(at), { path, size: 100, lastModified: 1 })),
	});
const sending = (...paths: string[]) =>
	paths.reduce(
		(queue, _, at) => run(queue, { kind: 'preparing', id: String(at) }, { kind: 'sending', id: String(at) }),
		added(...paths),
	);
const first = (queue: UploadQueue) => queue.items[0] as UploadItem;
const taskNews = (task: Partial<FileTask>): UploadEvent => ({
	kind: 'tasks',
	changed: new Map([[TASK, { id: TASK, type: 'md5', state: 'running', version: 1, progress: null, ...task }]]),
	byFile: new Map(),
});

describe('an upload', () => {
	it('is prepared, sent, processed and done', () => {
		const sent = run(sending('/a.jpg'), { kind: 'progressed', id: '0', sent: 60 });
		expect(first(sent)).toMatchObject({ state: 'sending', sent: 60 });
		const stored = run(sent, { kind: 'stored', id: '0', answer: answer('/a.jpg') });
		expect(first(stored)).toMatchObject({ state: 'processing', sent: 100, fileId: FILE });
		const running = run(stored, taskNews({ state: 'running' }));
		expect(first(running)).toMatchObject({ state: 'processing', tasks: [{ state: 'running' }] });
		expect(first(run(running, taskNews({ state: 'failed', version: 2 }))).state).toBe('done');
	});

	it('without tasks is done once it is stored', () => {
		const stored = run(sending('/a'), { kind: 'stored', id: '0', answer: { ...answer('/a'), tasks: [] } });
		expect(first(stored).state).toBe('done');
	});

	it('ignores old news of its tasks', () => {
		const done = run(
			sending('/a'),
			{ kind: 'stored', id: '0', answer: answer('/a') },
			taskNews({ state: 'succeeded', version: 5 }),
		);
		expect(run(done, taskNews({ state: 'running', version: 4 }))).toBe(done);
	});

	it('that was cut tries again, and counts its tries from zero once bytes move', () => {
		const cut = run(sending('/a'), { kind: 'cut', id: '0', problem: 'no answer' });
		expect(first(cut)).toMatchObject({ state: 'retrying', tries: 1, problem: 'no answer' });
		const again = run(
			cut,
			{ kind: 'retry-due', id: '0' },
			{ kind: 'preparing', id: '0' },
			{ kind: 'sending', id: '0' },
			{ kind: 'progressed', id: '0', sent: 10 },
		);
		expect(first(again)).toMatchObject({ state: 'sending', tries: 0, problem: null });
	});

	it('that is paused stays so, whatever its transport still says', () => {
		const paused = run(sending('/a'), { kind: 'pause', ids: ['0'] });
		const late = run(
			paused,
			{ kind: 'progressed', id: '0', sent: 50 },
			{ kind: 'cut', id: '0', problem: 'aborted' },
			{ kind: 'taken', id: '0' },
		);
		expect(late).toBe(paused);
		expect(first(run(paused, { kind: 'resume', ids: 'all' })).state).toBe('queued');
	});

	it('that failed waits for the person', () => {
		const failed = run(sending('/a'), { kind: 'failed', id: '0', problem: 'quota' });
		expect(first(failed)).toMatchObject({ state: 'failed', problem: 'quota' });
		expect(run(failed, { kind: 'retry-due', id: '0' })).toBe(failed);
		expect(first(run(failed, { kind: 'retry', ids: 'all' }))).toMatchObject({ state: 'queued', problem: null });
	});

	it('from before a reload goes on when its file is found again', () => {
		const items = [newItem('0', { path: '/a', size: 1, lastModified: 1 }, 'needs-file')];
		const queue = run(EMPTY_QUEUE, { kind: 'added', items });
		expect(toStart(queue.items, 3)).toEqual([]);
		expect(first(run(queue, { kind: 'found', id: '0' })).state).toBe('queued');
	});
});

describe('a conflict', () => {
	const conflict = () => run(sending('/a.jpg', '/b.jpg'), { kind: 'taken', id: '0' }, { kind: 'taken', id: '1' });

	it('waits for the person and leaves the others alone', () => {
		const queue = run(sending('/a.jpg', '/b.jpg'), { kind: 'taken', id: '0' });
		expect(queue.items.map(({ state }) => state)).toEqual(['conflict', 'sending']);
	});

	it.each([
		['replace', { state: 'queued', rule: 'replace', path: '/a.jpg' }],
		['keep-both', { state: 'queued', rule: 'keep-both', path: '/a (2).jpg', name: 'a (2).jpg' }],
		['skip', { state: 'skipped' }],
	] as const)('is settled by %s, for that file only', (choice, outcome) => {
		const queue = run(conflict(), { kind: 'decide', id: '0', choice, forAll: false });
		expect(first(queue)).toMatchObject(outcome);
		expect(queue.items[1]?.state).toBe('conflict');
	});

	it('settled for all settles the others and those to come', () => {
		const queue = run(conflict(), { kind: 'decide', id: '0', choice: 'skip', forAll: true });
		expect(queue.items.map(({ state }) => state)).toEqual(['skipped', 'skipped']);
		const more = run(
			queue,
			{ kind: 'added', items: [newItem('2', { path: '/c', size: 1, lastModified: 1 })] },
			{ kind: 'preparing', id: '2' },
			{ kind: 'taken', id: '2' },
		);
		expect(more.items[2]?.state).toBe('skipped');
		expect(run(more, { kind: 'clear-over' })).toBe(EMPTY_QUEUE);
	});

	it('of a kept-both name takes the next name without asking again', () => {
		const again = run(
			conflict(),
			{ kind: 'decide', id: '0', choice: 'keep-both', forAll: false },
			{ kind: 'preparing', id: '0' },
			{ kind: 'taken', id: '0' },
		);
		expect(first(again)).toMatchObject({ state: 'queued', path: '/a (3).jpg' });
	});
});

describe('names beside each other', () => {
	it.each([
		['/p/a.jpg', '/p/a (2).jpg'],
		['/p/a (2).jpg', '/p/a (3).jpg'],
		['/p/a.tar.gz', '/p/a (2).tar.gz'],
		['/v1.2/readme', '/v1.2/readme (2)'],
		['/.env', '/.env (2)'],
	])('of %s is %s', (path, next) => expect(nextName(path)).toBe(next));
});

describe('the queue', () => {
	it('begins no more than so many at once', () => {
		const queue = run(added('/a', '/b', '/c', '/d'), { kind: 'preparing', id: '0' });
		expect(toStart(queue.items, 3).map(({ id }) => id)).toEqual(['1', '2']);
	});

	it('counts sending and processing apart', () => {
		const queue = run(
			sending('/a', '/b', '/c'),
			{ kind: 'progressed', id: '1', sent: 40 },
			{ kind: 'stored', id: '0', answer: answer('/a') },
			{ kind: 'pause', ids: ['2'] },
		);
		expect(totalsOf(queue.items)).toMatchObject({
			files: 3,
			bytes: 300,
			sentBytes: 140,
			unsent: 2,
			processing: 1,
			paused: 1,
		});
	});

	it('never sends what was paused, skipped, done or removed, whatever comes in whatever order', () => {
		const id = fc.constantFrom('0', '1', '2');
		const event: fc.Arbitrary<UploadEvent> = fc.oneof(
			fc.record({ kind: fc.constantFrom('preparing' as const, 'sending' as const), id }),
			fc.record({ kind: fc.constant('progressed' as const), id, sent: fc.integer({ min: 0, max: 200 }) }),
			fc.record({ kind: fc.constant('stored' as const), id, answer: fc.constant(answer('/x')) }),
			fc.record({ kind: fc.constantFrom('taken' as const, 'already-there' as const, 'retry-due' as const), id }),
			fc.record({ kind: fc.constantFrom('cut' as const, 'failed' as const), id, problem: fc.constant('why') }),
			fc.record({
				kind: fc.constantFrom('pause' as const, 'resume' as const, 'retry' as const),
				ids: fc.constant('all' as const),
			}),
			fc.record({
				kind: fc.constant('decide' as const),
				id,
				choice: fc.constantFrom('replace' as const, 'keep-both' as const, 'skip' as const),
				forAll: fc.boolean(),
			}),
		);
		fc.assert(
			fc.property(fc.array(event, { maxLength: 60 }), (events) => {
				let queue = added('/a', '/b', '/c');
				for (const each of events) {
					const before = queue;
					queue = reduceUploads(queue, each);
					for (const [at, item] of queue.items.entries()) {
						const was = before.items[at] as UploadItem;
						expect(item.sent).toBeLessThanOrEqual(item.size);
						// Over is over.
						if (was.state === 'done' || was.state === 'skipped') expect(item.state).toBe(was.state);
						// Sending only follows preparing, preparing only a queued turn.
						if (item.state === 'sending' && was.state !== 'sending') expect(was.state).toBe('preparing');
						if (item.state === 'preparing' && was.state !== 'preparing') expect(was.state).toBe('queued');
						// A paused one moves by the person's word only.
						if (was.state === 'paused' && item !== was) expect(each.kind).toBe('resume');
					}
				}
			}),
		);
	});
});

describe('the speed', () => {
	it('is that of the last seconds, and nothing before it means something', () => {
		const meter = new SpeedMeter();
		meter.add(0, 0);
		expect(meter.bytesPerSecond).toBeNull();
		meter.add(1_000, 1_000_000);
		expect(meter.bytesPerSecond).toBe(1_000_000);
		for (let at = 2; at <= 20; at += 1) meter.add(at * 1_000, 1_000_000 + at * 10);
		expect(meter.bytesPerSecond).toBeCloseTo(10, 1);
		expect(meter.estimate(100)).toBeCloseTo(10_000, -2);
	});

	it('begins anew when the count falls', () => {
		const meter = new SpeedMeter();
		meter.add(0, 0);
		meter.add(1_000, 500);
		meter.add(2_000, 100);
		expect(meter.bytesPerSecond).toBeNull();
	});
});
