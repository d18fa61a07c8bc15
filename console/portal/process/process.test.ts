import { describe, expect, it } from 'vitest';
import { batchesOf } from '../../../shared/client/submit-all.ts';
import { CodedError } from '../../../shared/coded-error.ts';
import type { FileSummary } from '../../../shared/protocol/file.ts';
import { asCall, asCommand, MOST_NAMED } from './equivalents.ts';
import { fitOf, inputsOf, usualSpread } from './fit.ts';
import { idsIn, type SelectedFile, storedSelection, urlOfProcess } from './selected-files.ts';
import { serverFaults } from './server-faults.ts';
import { tookWords, waitWords } from './wait-words.ts';
import { countedOf, tasksOf, type Wish } from './wish.ts';
import { chosenFile, datasetFile, folderOf, type Work } from './work.ts';

const idOf = (n: number) => `fil_${String(n).padStart(26, '0')}`;
const file = (n: number, mediaType: string | null = 'image/png', path = `/${n}.png`): SelectedFile => ({
	...{ id: idOf(n), path, name: path.slice(1), size: 10, mediaType },
});
const chosen = (n: number, ...more: [mediaType?: string | null, path?: string]) => chosenFile(file(n, ...more));
const ofFiles = (...files: Parameters<typeof chosenFile>[0][]): Work => ({
	kind: 'files',
	files: files.map(chosenFile),
});
const type = (min: number, max: number, mediaTypes = ['image/*']) => ({ inputs: { min, max, mediaTypes } });

describe('what a task type can work on', () => {
	it.each([
		[type(1, 1), [file(1)], null, 'together'],
		[type(1, 1), [file(1), file(2)], null, 'each'],
		[type(1, 9), [file(1), file(2)], null, 'together'],
		[type(2, 9), [file(1), file(2)], null, 'together'],
		[type(1, 2), [file(1), file(2), file(3)], null, 'each'],
		[type(2, 3), [file(1)], 'Takes 2 to 3 files.', null],
		[type(0, 0), [file(1)], 'Takes no files.', null],
		[type(1, 1), [file(1, 'text/plain')], 'Takes image files only.', null],
		[type(1, 1), [file(1, null)], null, 'together'],
		[type(1, 1), [file(1, 'text/plain'), file(2)], null, 'together'],
	])('%j with %j', (takes, files, reason, spread) => {
		const fit = fitOf(takes, ofFiles(...files));
		expect(fit.reason).toBe(reason);
		if (spread !== null) expect(usualSpread(fit, takes)).toBe(spread);
	});

	it('is every file that fits, once', () => {
		const { files } = fitOf(type(1, 1), ofFiles(file(1), file(2, 'text/plain'), file(3)));
		expect(inputsOf(files, 'each').map((one) => one.map(({ input }) => input))).toEqual([
			[{ file: idOf(1) }],
			[{ file: idOf(3) }],
		]);
		expect(inputsOf(files, 'together')).toHaveLength(1);
	});
});

const wish = (more: Partial<Wish> = {}): Wish => ({
	...{ type: 'thumbnail', files: [chosen(1, null, "/it's a.png"), chosen(2)], spread: 'each' as const },
	...{ work: { kind: 'files', files: [] }, parameters: { width: 5 }, serviceClass: null, routingKey: '', secrets: {} },
	...{ filing: { place: 'keep', conflict: 'version' }, kinds: '', recursive: true },
	...more,
});
const NOW = { when: 'now' } as const;

describe('the same from a script', () => {
	it('is quoted for the shell', () => {
		expect(asCommand(wish(), NOW)).toBe(
			`millrace run thumbnail '/it'\\''s a.png' /2.png --params '{"width":5}' --each`,
		);
		expect(asCommand(wish({ files: [chosen(2)], parameters: {}, serviceClass: 'background' }), NOW)).toBe(
			'millrace run thumbnail /2.png --class background',
		);
		expect(asCommand(wish({ files: [chosen(2)], parameters: {}, routingKey: ' priority.x ' }), NOW)).toBe(
			'millrace run thumbnail /2.png --queue-key priority.x',
		);
		expect(asCall(wish({ routingKey: 'priority.x' }), NOW, 'https://mill.example')).toContain(
			'"routingKey":"priority.x"',
		);
		expect(asCall(wish({ parameters: { note: "it's" } }), NOW, 'https://mill.example')).toContain(
			`{"note":"it'\\''s"}`,
		);
	});

	it('asks for what is submitted', () => {
		const body = /-d '(.*)'$/.exec(asCall(wish(), NOW, 'https://mill.example'))?.[1] ?? '';
		expect(JSON.parse(body)).toEqual({ tasks: tasksOf(wish()) });
		expect(tasksOf(wish({ spread: 'together', serviceClass: 'lab' }))).toEqual([
			{
				...{ type: 'thumbnail', inputs: [{ file: idOf(1) }, { file: idOf(2) }] },
				...{ parameters: { width: 5 }, serviceClass: 'lab' },
			},
		]);
	});

	it('names no more files than one can read', () => {
		const files = Array.from({ length: MOST_NAMED + 5 }, (_, n) => chosen(n));
		expect(asCommand(wish({ files }), NOW)?.match(/\.png/g)).toHaveLength(MOST_NAMED);
	});

	it('names files of datasets, secrets, and where outputs go', () => {
		const shapes = { id: 'dts_1', name: 'shapes', version: 3 };
		const files = [datasetFile(shapes, { path: '/a/b.png', size: 1, mediaType: null })];
		const work = { kind: 'dataset' as const, name: 'shapes', version: 3, under: 'a', files };
		const other = wish({
			...{ work, files, parameters: {}, secrets: { token: { id: 'sec_1', name: 'my token' } } },
			filing: { place: 'folder', folder: '/out', conflict: 'rename' },
		});
		expect(asCommand(other, NOW)).toBe(
			"millrace run thumbnail dataset:shapes/a/b.png@3 --results /out --results-conflict rename --secret 'token=my token'",
		);
		expect(tasksOf(other)).toEqual([
			{
				...{ type: 'thumbnail', inputs: [{ dataset: 'dts_1', path: '/a/b.png', version: 3 }], parameters: {} },
				...{ secrets: { token: 'sec_1' }, results: other.filing },
			},
		]);
		expect(countedOf({ ...other, spread: 'together' })).toBeNull();
		// Several, each by itself: a job, which needs to name none.
		const many = { ...other, files: [...files, ...files], secrets: {} };
		expect(countedOf(many)).toMatchObject({ over: { dataset: 'shapes', version: 3, under: 'a' } });
		expect(asCommand(many, NOW)).toMatch(/millrace recipes run 'thumbnail of shapes' dataset:shapes\/a@3$/);
	});
});

describe('work', () => {
	it('of a folder is for what takes one file, and of nothing for what takes none', () => {
		const folder: Work = { kind: 'folder', folder: '/a' };
		expect([type(1, 1), type(0, 9), type(2, 9), type(0, 0)].map((one) => fitOf(one, folder).reason)).toEqual([
			...[null, null, 'Takes 2 to 9 files at once, which must be named.', 'Takes no files.'],
		]);
		const nothing: Work = { kind: 'nothing' };
		expect([type(0, 0), type(0, 9), type(1, 1)].map((one) => fitOf(one, nothing).reason)).toEqual([
			...[null, null, 'Takes 1 file.'],
		]);
		expect(tasksOf(wish({ work: nothing, files: [] }))).toHaveLength(1);
	});

	it('lies in a folder, or in several', () => {
		expect(folderOf(ofFiles(file(1, null, '/a/1'), file(2, null, '/a/2')))).toBe('/a');
		expect(folderOf(ofFiles(file(1, null, '/1')))).toBe('/');
		expect(folderOf(ofFiles(file(1, null, '/a/1'), file(2, null, '/2')))).toBeNull();
	});
});

describe('what the server refused', () => {
	it('is told once at each setting, at files, and else as it is', () => {
		const fields = [
			...[0, 1, 2].map((n) => ({ path: `tasks[${n}].parameters.width`, message: 'must be 1 or more' })),
			{ path: 'parameters.crop.left', message: 'is needed' },
			{ path: 'tasks[3].inputs[0]', message: 'does not exist' },
			{ path: 'tasks[4].serviceClass', message: 'is not yours' },
		];
		expect(serverFaults(new CodedError('batch-invalid', 'No.', { fields }))).toEqual({
			fields: [
				{ path: 'width', message: 'must be 1 or more' },
				{ path: 'crop.left', message: 'is needed' },
			],
			inputs: [{ task: 3, input: 0, message: 'does not exist' }],
			rest: ['is not yours'],
		});
		expect(serverFaults(new Error('x'))).toEqual({ fields: [], inputs: [], rest: [] });
	});
});

describe('a selection', () => {
	const stored = new Map<string, string>();
	const storage = {
		setItem: (key: string, value: string) => void stored.set(key, value),
		getItem: (key: string) => stored.get(key) ?? null,
	};
	const summary = (n: number) => ({ ...file(n), facts: { mimetype: 'image/png' } }) as unknown as FileSummary;

	it('is in the address while it is small, else in the tab', () => {
		expect(urlOfProcess([summary(1), summary(2)], storage)).toBe(`/process?files=${idOf(1)},${idOf(2)}`);
		const files = Array.from({ length: 51 }, (_, n) => summary(n));
		const key = /^\/process\?selection=(.+)$/.exec(urlOfProcess(files, storage) ?? '')?.[1] ?? '';
		const kept = Array.from({ length: 51 }, (_, n) => file(n));
		expect(storedSelection(key, storage)).toEqual({ key, files: kept, left: 0 });
		expect(storedSelection('another', storage)).toBeNull();
	});

	it('that is too large says how many are left, and one that has no room says so', () => {
		const files = Array.from({ length: 10_003 }, (_, n) => summary(n));
		const key = /selection=(.+)$/.exec(urlOfProcess(files, storage) ?? '')?.[1] ?? '';
		const kept = storedSelection(key, storage);
		expect([kept?.files.length, kept?.left]).toEqual([10_000, 3]);
		const full = {
			setItem: () => {
				throw new Error('quota');
			},
		};
		expect(urlOfProcess(files, full)).toBeNull();
	});

	it('that is none of ours is none', () => {
		storage.setItem('millrace-selection', '{"key":"bad","left":0,"files":[{"id":"<script>"}]}');
		expect(['bad', 'gone', ''].map((key) => storedSelection(key, storage))).toEqual([null, null, null]);
		expect(idsIn(`${idOf(1)},x,${idOf(1)},../${idOf(2)}`)).toEqual([idOf(1)]);
		expect([idsIn(''), idsIn(Array.from({ length: 60 }, (_, n) => idOf(n)).join(','))]).toEqual([null, null]);
	});
});

it('waits are told as a range, and one that is far off says nothing of the others', () => {
	const waited = (ms: number, serviceClass: string | null = null) => ({
		queuedAt: new Date(0).toISOString(),
		startedAt: new Date(ms).toISOString(),
		serviceClass,
	});
	const own = { name: 'standard', own: true };
	const some = [...Array.from({ length: 18 }, (_, n) => waited(1_000 + n * 100)), waited(9e6), waited(9e6)];
	expect(waitWords(some, own)).toBe('Nine in ten of your last 20 waited 1.0 s to 2.7 s.');
	expect(waitWords([waited(500)], own)).toBe('Your last one waited 500 ms.');
	expect(waitWords([waited(500)], { name: 'background', own: false })).toBeNull();
	expect(waitWords([], own)).toContain('not known yet');
	expect(waitWords([waited(500, 'background')], { name: 'background', own: false })).toContain('500 ms');
});

it('how long tasks take is told as a range of those that succeeded', () => {
	const ran = (ms: number, state: 'succeeded' | 'failed' = 'succeeded') => ({
		...{ startedAt: new Date(0).toISOString(), finishedAt: new Date(ms).toISOString(), state },
	});
	expect(tookWords([ran(1_000), ran(3_000), ran(9e6, 'failed')])).toBe(
		'Nine in ten of your last 2 took 1.0 s to 3.0 s each.',
	);
	expect(tookWords([ran(500)])).toBe('Your last one took 500 ms.');
	expect(tookWords([ran(500, 'failed')])).toBeNull();
});

it('batches hold as much as the coordinator takes', () => {
	const tasks = Array.from({ length: 10_001 }, () => ({ type: 'noop' }));
	expect(batchesOf(tasks).map(({ length }) => length)).toEqual([10_000, 1]);
	const sizes = batchesOf(tasks.slice(0, 100), 200).map((batch) => JSON.stringify({ tasks: batch }).length);
	expect(Math.max(...sizes)).toBeLessThanOrEqual(200);
});
