import { describe, expect, it } from 'vitest';
import {
	dryRunSentence,
	filingWords,
	kindsInWords,
	patternsOf,
	startSentence,
	stepTitle,
	triggerSentence,
} from './recipe-words.ts';

describe('what a recipe is', () => {
	it('a step is called as its task type, or by its name where that is gone', () => {
		expect(stepTitle({ type: 'md5' }, [{ name: 'md5', title: 'MD5 checksum' }] as never)).toBe('MD5 checksum');
		expect(stepTitle({ type: 'md5' }, [])).toBe('md5');
	});

	it.each([
		[{ events: ['upload', 'update'], folder: '/', recursive: true }, 'When a file comes or changes anywhere'],
		[{ events: ['update', 'upload'], folder: '/a', recursive: true }, 'When a file comes or changes in /a or below'],
		[{ events: ['upload'], folder: '/', recursive: false }, 'When a new file comes in /'],
		[{ events: ['access'], folder: '/a', recursive: false }, 'When somebody looks at a file in /a'],
	] as const)('%j is: %s', (trigger, words) => {
		expect(triggerSentence({ ...trigger, events: [...trigger.events] })).toBe(words);
	});

	it('kinds and places are words', () => {
		expect(kindsInWords(['*/*'])).toBe('files of any kind');
		expect(kindsInWords(['image/*', 'text/*', 'application/pdf'])).toBe('images, text files, application/pdf');
		expect(filingWords(undefined)).toBe('Outputs stay with the task');
		expect(filingWords({ place: 'folder', folder: '/out', conflict: 'version' })).toBe('Outputs go into /out');
		expect(patternsOf(' image/*,text/plain\n*/* ')).toEqual(['image/*', 'text/plain', '*/*']);
	});
});

describe('what it would come to', () => {
	const dry = (parts: object = {}) => ({
		files: 1_204,
		tasks: 3_612,
		isWhole: true,
		skipped: [],
		bytesIn: 2_300_000_000,
		cost: { wallMs: 240_000, tasksOfUnknownType: 0 },
		queues: [],
		waits: [],
		serviceClass: 'standard',
		...parts,
	});
	it.each([
		[{}, '1,204 files, 3,612 tasks, 2.3 GB to read, about 4 min on the machines.'],
		[{ isWhole: false, files: 1, tasks: 1 }, 'At least 1 file, 1 task, 2.3 GB to read, about 4 min on the machines.'],
		[{ files: 0, tasks: 0 }, 'No file is there now.'],
		[{ files: 7, tasks: 0 }, '7 files, and none of them fits.'],
		[
			{ files: 1, tasks: 2, bytesIn: 5, cost: { wallMs: 0, tasksOfUnknownType: 2 } },
			'1 file, 2 tasks, 5 B to read, no idea yet how long on the machines.',
		],
	])('%j', (parts, words) => {
		expect(dryRunSentence(dry(parts))).toBe(words);
	});

	it('when the first starts is told by the queue that is soonest, as far as that is known', () => {
		const range = (fromMs: number, toMs: number) => ({ fromMs, toMs, confidence: 0.8 });
		const waits = [
			{ queue: 'a', range: range(60_000, 120_000) },
			{ queue: 'b', range: range(2_000, 60_000) },
		];
		expect(startSentence({ waits })).toBe('The first starts in 2.0 s to 1 min.');
		expect(startSentence({ waits: [{ queue: 'a', range: null }] })).toBeNull();
	});
});
