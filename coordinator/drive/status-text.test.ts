import { describe, expect, test } from 'vitest';
import type { InboxStatus } from './inbox-store.ts';
import { padded, type StatusTask, statusText } from './status-text.ts';

const status = (more: Partial<InboxStatus> = {}): InboxStatus => ({
	file: { seq: 1, version: 1, name: 'robin.png', size: 7, mediaType: null },
	tasks: [],
	firings: [],
	forgottenAt: null,
	heldUntil: null,
	...more,
});
const task = (state: StatusTask['task']['state'], more: Partial<StatusTask['task']> = {}): StatusTask => ({
	task: {
		...{ id: 'tsk_1', type: 'thumbnail', state },
		...{ progress: null, phase: null, node: null, waitingBecause: null, error: null, ...more },
	},
	results: [],
	unfiled: [],
	told: null,
});
const text = (tasks: StatusTask[], more: Partial<InboxStatus> = {}) =>
	statusText(status(more), { inbox: 'Small', recipes: ['Small'], inboxes: ['Image basics', 'Small'] }, tasks);

describe('a status', () => {
	test('says why it waits', () => {
		const because = 'All slots are taken; it starts when one is free.';
		expect(text([task('queued', { waitingBecause: because })])).toBe(
			`WAITING\nRecipe: Small\n\nthumbnail: waiting. ${because}\n`,
		);
	});

	test('says that what was done is no longer kept', () => {
		expect(text([], { forgottenAt: 5 })).toMatch(/^DONE\n[\s\S]*no longer kept/);
		expect(text([task('failed')], { forgottenAt: 5 })).toMatch(/^FAILED\n[\s\S]*no longer kept/);
	});

	test('says how far all of it is while something runs', () => {
		const running = task('running', { progress: 0.4, phase: 'reading', node: 'n1' });
		const words = text([running, task('succeeded'), task('queued'), task('failed')]);
		expect(words).toContain('RUNNING 35 %\n');
		expect(words).toContain('thumbnail: running (40 %, reading) on n1\n');
	});

	test('names what came out, and what stayed with its task', () => {
		const done = { ...task('succeeded'), results: ['/a/robin.thumb.webp'], unfiled: ['The quota is used up.'] };
		const words = text([done]);
		expect(words).toContain('DONE\n');
		expect(words).toContain('thumbnail: done\n  -> /a/robin.thumb.webp\n');
		expect(words).toContain(
			'not filed: The quota is used up. Its outputs are kept: millrace task tsk_1 --file FOLDER\n',
		);
	});

	test('names what is known of the file by now', () => {
		const known = (facts: Record<string, string | number>, thumbnail: string | null = null) => ({
			...task('succeeded'),
			told: { facts, thumbnail },
		});
		const words = text([
			known({ md5: 'd41d8', width: 4 }),
			known({ format: 'a\nFAILED' }, 'thumbnail.webp'),
			known({}),
		]);
		expect(words).toContain('thumbnail: done\n  md5: d41d8, width: 4\n');
		expect(words).toContain('  format: a FAILED\n  a thumbnail, which the portal shows\nthumbnail: done\n');
	});

	test('says what to do when it failed, whatever succeeded', () => {
		const words = text([task('succeeded'), task('failed', { error: { code: 'x', message: 'This is no image.' } })]);
		expect(words).toContain('FAILED\n');
		expect(words).toContain(
			'thumbnail: failed. This is no image.\n  Save a corrected file here, or run it again: millrace task tsk_1 --retry\n',
		);
	});

	test('of a file that is still written says until when it waits', () => {
		const heldUntil = Date.UTC(2026, 0, 2, 3, 4, 59);
		const words = text([], { heldUntil });
		expect(words).toContain('WAITING\n');
		expect(words).toContain('closes it, or at 2026-01-02 03:04:59 UTC.\n');
		const { file } = status();
		expect(text([], { heldUntil, file: { ...file, size: 0 } })).toContain('when its content comes, or empty at');
		expect(text([], { heldUntil, file: { ...file, name: 'a.part' } })).toContain('when it is renamed, or as it is at');
	});

	test('says why nothing is done', () => {
		const at = 1;
		expect(text([], { firings: [{ state: 'skipped', reason: 'The recipe is broken.', at }] })).toBe(
			'NOT DONE\nRecipe: Small\n\nThe recipe is broken.\n',
		);
		expect(text([], { firings: [{ state: 'waits-for-type', reason: null, at }] })).toContain('WAITING\n');
		expect(text([])).toMatch(/^NOTHING TO DO\nRecipe: Small\n\nNo step of Small is for this kind of file\.\nMove it/);
		const file = { ...status().file, mediaType: 'text/plain' };
		expect(text([], { file })).toContain('is for a file of the kind text/plain.\n');
	});

	test('says where to put what no recipe is for', () => {
		const inboxes = ['Image basics', 'Small'];
		const words = (inbox: string | null, named = inboxes) =>
			statusText(status(), { inbox, recipes: [], inboxes: named }, []);
		expect(words('Smal')).toContain(
			'NOTHING TO DO\nThere is no recipe Smal.\nMove the file into the folder of a recipe: Image basics, Small\n',
		);
		expect(words(null)).toContain('What lies in _inbox itself is worked on by no recipe.\nMove the file');
		expect(words(null, [])).toContain('Make a recipe');
		expect(words(null, 'abcdefghijklm'.split(''))).toContain('i, j, …\n');
	});
});

test.each(['', 'x', 'ä'.repeat(600), `x${'ä'.repeat(600)}`, `xy${'😀'.repeat(300)}`, 'z'.repeat(1_024), 'a\n\n'])(
	'%s is cut or filled to 1,024 bytes of whole characters',
	(words) => {
		const bytes = padded(words);
		expect(bytes).toHaveLength(1_024);
		const whole = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
		expect(whole).toMatch(/^[^\n]* *\n$/);
		const back = whole.trimEnd();
		expect(words.startsWith(back)).toBe(true);
		expect(Buffer.byteLength(words) - Buffer.byteLength(back)).toBeLessThan(
			Math.max(4, Buffer.byteLength(words) - 1_020),
		);
	},
);
