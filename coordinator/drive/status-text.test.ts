import { describe, expect, test } from 'vitest';
import type { InboxStatus } from './inbox-store.ts';
import { padded, type StatusTask, statusText } from './status-text.ts';

const status = (more: Partial<InboxStatus> = {}): InboxStatus => ({
	file: { seq: 1, version: 1, name: 'robin.png' },
	tasks: [],
	firings: [],
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
});
const text = (tasks: StatusTask[], more: Partial<InboxStatus> = {}) =>
	statusText(status(more), 'Small', ['Small'], tasks);

describe('a status', () => {
	test('says why it waits', () => {
		const because = 'All slots are taken; it starts when one is free.';
		expect(text([task('queued', { waitingBecause: because })])).toBe(
			`WAITING\nRecipe: Small\n\nthumbnail: waiting. ${because}\n`,
		);
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

	test('says what to do when it failed, whatever succeeded', () => {
		const words = text([task('succeeded'), task('failed', { error: { code: 'x', message: 'This is no image.' } })]);
		expect(words).toContain('FAILED\n');
		expect(words).toContain(
			'thumbnail: failed. This is no image.\n  Save a corrected file here, or run it again: millrace task tsk_1 --retry\n',
		);
	});

	test('of a file that is still written says until when it waits', () => {
		const words = text([], { heldUntil: Date.UTC(2026, 0, 2, 3, 4, 59) });
		expect(words).toContain('WAITING\n');
		expect(words).toContain('closes it, or at 2026-01-02 03:04 UTC.\n');
	});

	test('says why nothing is done', () => {
		const at = 1;
		expect(text([], { firings: [{ state: 'skipped', reason: 'The recipe is broken.', at }] })).toBe(
			'NOT DONE\nRecipe: Small\n\nThe recipe is broken.\n',
		);
		expect(text([], { firings: [{ state: 'waits-for-type', reason: null, at }] })).toContain('WAITING\n');
		expect(text([])).toContain('NOTHING TO DO: no step of the recipe is for this kind of file.\n');
		expect(statusText(status(), 'Smal', [], [])).toContain('there is no recipe Smal.');
	});
});

test.each(['', 'x', 'ä'.repeat(600), `x${'ä'.repeat(600)}`, `xy${'😀'.repeat(300)}`, 'z'.repeat(1_024)])(
	'%s is cut or filled to 1,024 bytes of whole characters',
	(words) => {
		const bytes = padded(words);
		expect(bytes).toHaveLength(1_024);
		const back = new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/\n+$/, '');
		expect(words.startsWith(back)).toBe(true);
		expect(Buffer.byteLength(words) - Buffer.byteLength(back)).toBeLessThan(
			Math.max(4, Buffer.byteLength(words) - 1_020),
		);
	},
);
