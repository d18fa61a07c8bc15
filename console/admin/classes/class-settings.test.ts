import { describe, expect, it, test } from 'vitest';
import { plainSettings, serviceClassSettingsSchema } from '../../../shared/protocol/service-class.ts';
import { draftOf, faultsByField, readDraft } from './class-draft.ts';
import { CLASS_FIELDS, fieldAt } from './class-fields.ts';
import { firstChoices, merged, mergeRows } from './class-merge.ts';
import { previewRows, standingSentences } from './class-preview.ts';
import { readText, textOf } from './field-text.ts';
import { changesBetween, settingsIn } from './setting-values.ts';

const settings = (said: object = {}) => serviceClassSettingsSchema.parse(said);
const LAB = settings({
	description: 'The lab',
	band: 7,
	weight: 2.5,
	idleOnly: false,
	allowedQueues: ['normal', 'priority'],
	allowedRoutingKeys: ['normal.#'],
	caps: { running: 12, memoryBytes: 1_234_567_891, perType: { thumbnail: 4, md5: 2 } },
	rates: { starts: { perMinute: 0.5, burst: 3 } },
	quotas: { storedBytes: 5e12, files: 10 },
	longestRunMs: 5_400_000,
	validFrom: '2026-03-01T07:00:00.000Z',
	validUntil: '2026-03-02T07:00:05.250Z',
});

/** The paths of everything that a class sets. */
const leaves = (value: object, at = ''): string[] =>
	Object.entries(value).flatMap(([key, inner]) =>
		typeof inner === 'object' && inner !== null && key !== 'perType' ? leaves(inner, `${at}${key}.`) : [`${at}${key}`],
	);

describe('the form', () => {
	it('has a field for every setting that a class has', () => {
		expect(CLASS_FIELDS.map(({ path }) => path).sort()).toEqual(leaves(plainSettings()).sort());
	});

	it('reads back what it shows, whatever the value', () => {
		for (const one of [plainSettings(), LAB]) expect(readDraft(draftOf(one))).toEqual({ settings: one, faults: {} });
	});

	it('takes what is left empty for no limit, and numbers for plain ones', () => {
		const draft = { ...draftOf(LAB), 'caps.running': ' ', weight: '', 'rates.starts': ':', allowedQueues: '\n' };
		expect(readDraft(draft).settings).toMatchObject({
			weight: 1,
			caps: { running: null },
			rates: { starts: null },
			allowedQueues: null,
		});
	});

	it('tells each thing that does not fit at its field', () => {
		const draft = {
			...draftOf(LAB),
			band: '12',
			weight: 'much',
			'caps.running': '2',
			'caps.runningPerUser': '3',
			'caps.memoryBytes': 'a lot',
			'caps.perType': 'thumbnail',
			longestRunMs: '3 fortnights',
			'rates.submits': ':5',
			validFrom: 'tomorrow',
		};
		const { settings: read, faults } = readDraft(draft);
		expect(read).toBeNull();
		expect(Object.keys(faults).sort()).toEqual(
			[
				'band',
				'caps.memoryBytes',
				'caps.perType',
				'caps.runningPerUser',
				'longestRunMs',
				'rates.submits',
				'validFrom',
				'weight',
			].sort(),
		);
		expect(faults['caps.runningPerUser']).toContain('whole class');
	});

	it('puts what the server says at the field that it is about', () => {
		const told = faultsByField([
			{ path: 'caps.perType.thumbnail', message: 'no' },
			{ path: 'nowhere', message: 'x' },
		]);
		expect(told).toEqual({ 'caps.perType': 'no', '': 'x' });
		expect(fieldAt('rates.starts.burst')?.path).toBe('rates.starts');
	});

	test.each([
		['bytes', 1_500_000, '1500 kB'],
		['bytes', 2 ** 30, '1 GiB'],
		['bytes', 1_023, '1023 B'],
		['duration', 90_000, '90 s'],
		['duration', 86_400_000, '1 d'],
		['rate', { perMinute: 60, burst: 10 }, '60:10'],
	] as const)('writes %s %j as %s, and reads it so', (kind, value, text) => {
		expect(textOf(kind, value)).toBe(text);
		expect(readText(kind, text)).toEqual({ value });
	});
});

describe('a diff', () => {
	it('names what differs in words, and nothing else', () => {
		const after = { ...LAB, band: 8, caps: { ...LAB.caps, running: null, perType: { md5: 2, thumbnail: 4 } } };
		expect(changesBetween(LAB, after).map(({ field, before, after: then }) => [field.path, before, then])).toEqual([
			['band', '7', '8'],
			['caps.running', '12', 'no limit'],
		]);
	});

	it('takes the settings out of a class as it is shown', () => {
		expect(settingsIn({ ...LAB, name: 'lab', version: 3, warnings: [], now: { queued: 1, running: 1 } })).toEqual(LAB);
	});
});

describe('a merge', () => {
	const three = {
		base: settings({ band: 5, weight: 1, caps: { running: 4 } }),
		mine: settings({ band: 7, weight: 1, caps: { running: 6 }, quotas: { files: 9 } }),
		theirs: settings({ band: 5, weight: 3, caps: { running: 8 }, quotas: { files: 9 } }),
	};

	it('asks only where both changed the same thing differently', () => {
		expect(mergeRows(three).map(({ field, isConflict }) => [field.path, isConflict])).toEqual([
			['band', false],
			['weight', false],
			['caps.running', true],
		]);
		expect(firstChoices(three)).toEqual({ band: 'mine', weight: 'theirs' });
		expect(mergeRows(three)[2]).toMatchObject({ base: '4', mine: '6', theirs: '8' });
	});

	it('is what is there now with what was chosen of mine', () => {
		const choices = firstChoices(three);
		const theirs = merged(three, { ...choices, 'caps.running': 'theirs' });
		expect(theirs).toMatchObject({ band: 7, weight: 3, caps: { running: 8 }, quotas: { files: 9 } });
		expect(merged(three, { ...choices, 'caps.running': 'mine' })).toMatchObject({ weight: 3, caps: { running: 6 } });
	});
});

describe('a preview', () => {
	it('has every value that counts, and the standard class’s where it is another', () => {
		const rows = previewRows(settings({ band: 7, description: 'x' }), settings({ caps: { queued: 5 } }));
		expect(rows).toHaveLength(CLASS_FIELDS.length - 1);
		const told = rows.filter(({ standard }) => standard !== null);
		expect(told.map(({ field, words, standard }) => [field.path, words, standard])).toEqual([
			['band', '7', '5'],
			['caps.queued', 'no limit', '5'],
		]);
	});

	it('says how the class stands among the others', () => {
		const others = [
			{ name: 'lab', band: 1, weight: 9, idleOnly: false },
			{ name: 'standard', band: 5, weight: 1, idleOnly: false },
			{ name: 'priority', band: 8, weight: 1, idleOnly: false },
			{ name: 'backfill', band: 5, weight: 1, idleOnly: true },
		];
		expect(standingSentences('lab', settings({ weight: 3 }), others)).toEqual([
			'After priority.',
			'Beside standard: it gets 75 % of the band while all have work.',
			'Before backfill.',
		]);
		expect(standingSentences('lab', settings({ idleOnly: true }), others)).toEqual([
			'It gets only what no other class can use.',
			'Beside backfill: it gets 50 % of that while all have work.',
		]);
	});
});
