import { describe, expect, it, onTestFinished } from 'vitest';
import { UnreachableError } from '../../../shared/client/client-errors.ts';
import { CodedError } from '../../../shared/coded-error.ts';
import type { SendJob, SendOutcome } from './send-file.ts';
import { newItem, type UploadState } from './upload-item.ts';
import { UploadRunner } from './upload-runner.ts';

const FILE = `fil_${'0'.repeat(26)}`;
const TASK = `tsk_${'0'.repeat(26)}`;

interface Sending extends SendJob {
	done(outcome: SendOutcome): void;
	fail(error: unknown): void;
}

const setup = () => {
	const sendings: Sending[] = [];
	const abandoned: string[] = [];
	const runner = new UploadRunner({
		owner: 'usr_1',
		send: (job) =>
			new Promise((resolve, reject) => {
				sendings.push({ ...job, done: resolve, fail: reject });
				job.signal.addEventListener('abort', () => reject(job.signal.reason));
			}),
		abandon: (item) => abandoned.push(item.path),
		errorText: (error) => (error instanceof Error ? error.message : 'unknown'),
		backoff: () => 0,
	});
	onTestFinished(() => runner[Symbol.dispose]());
	const add = (...paths: string[]) =>
		runner.add(paths.map((path) => ({ path, file: new File(['x'.repeat(10)], path, { lastModified: 1 }) })));
	const states = () => runner.queue.items.map(({ state }) => state);
	const until = (...wanted: UploadState[]) =>
		new Promise<void>((resolve) => {
			const look = () => {
				if (states().join() !== wanted.join()) return;
				forget();
				resolve();
			};
			const forget = runner.subscribe(look);
			look();
		});
	return { runner, sendings, abandoned, add, states, until };
};

const stored = (path: string): SendOutcome => ({
	kind: 'stored',
	answer: {
		file: { id: FILE, path, size: 10, sha256: 'a'.repeat(64), version: 1 },
		tasks: [{ id: TASK, type: 'md5', state: 'queued' }],
	},
});
const news = (version: number, state: 'running' | 'succeeded') => [
	{ file: FILE, task: { id: TASK, type: 'md5', state, version, progress: null } },
];

describe('the uploads', () => {
	it('run four at once, and the next begins when one ends', async () => {
		const { sendings, add, until } = setup();
		add('/a', '/b', '/c', '/d', '/e');
		expect(sendings.map(({ item }) => item.path)).toEqual(['/a', '/b', '/c', '/d']);
		sendings[1]?.done({ kind: 'already-there' });
		await until('preparing', 'done', 'preparing', 'preparing', 'preparing');
		expect(sendings[4]?.item.path).toBe('/e');
	});

	it('are processed to the end even when the news of a task overtakes the answer', async () => {
		const { runner, sendings, add, until } = setup();
		add('/a');
		runner.takeTasks(news(7, 'succeeded'));
		sendings[0]?.done(stored('/a'));
		await until('done');
	});

	it('that are cut try again by themselves', async () => {
		const { runner, sendings, add, until } = setup();
		add('/a');
		sendings[0]?.fail(new UnreachableError('server', 'no answer'));
		await until('retrying');
		expect(runner.queue.items[0]?.problem).toBe('no answer');
		await until('preparing');
		expect(sendings).toHaveLength(2);
		sendings[1]?.done(stored('/a'));
		await until('processing');
	});

	it('that are refused for good wait for the person, and go on when told', async () => {
		const { runner, sendings, add, until } = setup();
		add('/a');
		sendings[0]?.fail(new CodedError('quota-exceeded'));
		await until('failed');
		runner.dispatch({ kind: 'retry', ids: 'all' });
		expect(sendings).toHaveLength(2);
	});

	it('stop when paused, and a paused one’s transport has nothing more to say', async () => {
		const { runner, sendings, add, states } = setup();
		add('/a');
		sendings[0]?.onSending();
		runner.dispatch({ kind: 'pause', ids: 'all' });
		expect(sendings[0]?.signal.aborted).toBe(true);
		sendings[0]?.onProgress(5);
		expect(states()).toEqual(['paused']);
		runner.dispatch({ kind: 'resume', ids: 'all' });
		expect(sendings).toHaveLength(2);
		sendings[0]?.onProgress(9);
		expect(runner.queue.items[0]?.sent).toBe(0);
	});

	it('that are removed are stopped and forgotten everywhere', () => {
		const { runner, sendings, abandoned, add } = setup();
		add('/a', '/b');
		runner.dispatch({ kind: 'remove', ids: [runner.queue.items[0]?.id ?? ''] });
		expect(sendings[0]?.signal.aborted).toBe(true);
		expect(sendings[1]?.signal.aborted).toBe(false);
		expect(abandoned).toEqual(['/a']);
	});

	it('from before a reload take the file that is theirs, wherever it is dropped', () => {
		const { runner, sendings, add } = setup();
		const item = newItem('r1', { path: '/deep/a', size: 10, lastModified: 1 }, 'needs-file');
		runner.dispatch({ kind: 'added', items: [{ ...item, rule: 'replace' }] });
		add('/a', '/b');
		expect(sendings.map(({ item: { path, rule } }) => [path, rule])).toEqual([
			['/deep/a', 'replace'],
			['/b', 'ask'],
		]);
	});
});
