import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { plainSettings, type ServiceClassSettings } from '../../shared/protocol/service-class.ts';
import { type ClassBook, type Given, isValidAt, passedOver, resolveClass } from './class-resolution.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const BEFORE = '2026-03-01T11:00:00Z';
const AFTER = '2026-03-01T13:00:00Z';

type Classes = Record<string, Partial<ServiceClassSettings>>;
type Nested = readonly { name: string; parent?: number | null; gives?: string | null }[];

/** Groups are numbered from 1. */
const book = (classes: Classes, groups: Nested = []): ClassBook => ({
	classes: new Map(
		Object.entries({ standard: {}, ...classes }).map(([name, settings]) => [
			name,
			{ name, version: 1, settings: { ...plainSettings(), ...settings } },
		]),
	),
	groups: new Map(
		groups.map(({ name, parent = null, gives = null }, i) => [i + 1, { name, parentSeq: parent, serviceClass: gives }]),
	),
	parentOf: new Map(groups.map(({ parent = null }, i) => [i + 1, parent])),
});

const given = (own: string | null, ...groups: number[]): Given => ({ own, groups });

const CLASSES: Classes = {
	high: { band: 7 },
	low: { band: 3 },
	heavy: { band: 3, weight: 4 },
	idle: { band: 9, idleOnly: true },
	later: { band: 9, validFrom: AFTER },
	over: { band: 9, validUntil: BEFORE },
	now: { band: 6, validFrom: BEFORE, validUntil: AFTER },
};
const GROUPS: Nested = [
	{ name: 'institute', gives: 'low' }, // 1
	{ name: 'lab', parent: 1 }, // 2
	{ name: 'team', parent: 2, gives: 'over' }, // 3
	{ name: 'guests', gives: 'heavy' }, // 4
	{ name: 'helpers', gives: 'idle' }, // 5
	{ name: 'club' }, // 6
	{ name: 'board', parent: 1, gives: 'high' }, // 7
];

describe('the class that counts', () => {
	test.each<[string, Given, string, string]>([
		['is the standard one for whoever was given nothing', given(null), 'standard', 'default'],
		['is the person’s own before any group’s', given('low', 7), 'low', 'user'],
		['is not one’s own before it is valid', given('later', 4), 'heavy', 'group guests'],
		['is not one’s own when it is over', given('over'), 'standard', 'default'],
		['is one’s own within its time', given('now', 7), 'now', 'user'],
		['is not one’s own when there is no such class', given('gone', 7), 'high', 'group board'],
		['comes down from the nearest group above', given(null, 2), 'low', 'group institute'],
		['passes over a group whose class is not valid', given(null, 3), 'low', 'group institute'],
		['of the nearer group goes before that of the one above', given(null, 7), 'high', 'group board'],
		['of several groups is the highest band', given(null, 4, 7, 2), 'high', 'group board'],
		['of the same band is the heaviest', given(null, 2, 4), 'heavy', 'group guests'],
		['is an idle-only one last, whatever its band', given(null, 5, 2), 'low', 'group institute'],
		['is an idle-only one when there is no other', given(null, 5), 'idle', 'group helpers'],
		['is the standard one in groups that give nothing', given(null, 6), 'standard', 'default'],
	])('%s', (_, whose, name, source) => {
		const policy = resolveClass(whose, book(CLASSES, GROUPS), NOW);
		expect(policy.serviceClass).toBe(name);
		expect(policy.source.by === 'group' ? `group ${policy.source.group}` : policy.source.by).toBe(source);
	});

	it('is the first by name when nothing else tells two apart, and then by the group’s name', () => {
		const same = book({ b: {}, a: {} }, [
			{ name: 'x', gives: 'b' },
			{ name: 'z', gives: 'a' },
			{ name: 'y', gives: 'a' },
		]);
		expect(resolveClass(given(null, 1, 2, 3), same, NOW)).toMatchObject({ serviceClass: 'a', source: { group: 'y' } });
	});

	it('begins at validFrom and is over at validUntil, to the millisecond', () => {
		const settings = { ...plainSettings(), validFrom: BEFORE, validUntil: AFTER };
		const at = (iso: string, ms: number) => isValidAt(settings, Date.parse(iso) + ms);
		expect([at(BEFORE, -1), at(BEFORE, 0), at(AFTER, -1), at(AFTER, 0)]).toEqual([false, true, true, false]);
	});

	it('ends even where groups lie in each other in a circle', () => {
		const circle = book({}, [
			{ name: 'a', parent: 2 },
			{ name: 'b', parent: 1 },
		]);
		expect(resolveClass(given(null, 1), circle, NOW).serviceClass).toBe('standard');
	});

	it('is told together with those that do not count', () => {
		const known = book(CLASSES, GROUPS);
		const whose = given('later', 3, 4);
		expect(passedOver(whose, known, NOW, resolveClass(whose, known, NOW))).toEqual([
			`class later, given to the person: counts only from ${AFTER} on`,
			`class over, given to group team: counted until ${BEFORE}`,
			'class low, given to group institute: another one is nearer or better',
		]);
	});
});

/** Said again in another way: all that could count, each with how good it is, and the best of them. */
const naive = (whose: Given, known: ClassBook, now: number): string => {
	const valid = (name: string | null) => {
		const found = name === null ? undefined : known.classes.get(name);
		if (!found) return false;
		const { validFrom, validUntil } = found.settings;
		if (validFrom !== null && new Date(validFrom).getTime() > now) return false;
		return validUntil === null || new Date(validUntil).getTime() > now;
	};
	if (valid(whose.own)) return whose.own!;
	const names = new Set<string>();
	for (const start of whose.groups) {
		let at: number | null = start;
		while (at !== null && !valid(known.groups.get(at)!.serviceClass)) at = known.groups.get(at)!.parentSeq;
		if (at !== null) names.add(known.groups.get(at)!.serviceClass!);
	}
	const worth = (name: string) => {
		const { idleOnly, band, weight } = known.classes.get(name)!.settings;
		return (idleOnly ? 0 : 1_000_000) + band * 10_000 + weight;
	};
	let best = 'standard';
	let most = Number.NEGATIVE_INFINITY;
	for (const name of [...names].sort()) {
		if (worth(name) > most) [best, most] = [name, worth(name)];
	}
	return best;
};

test('for any classes, groups, people and time it is the same as by a naive reading of the rule', () => {
	const times = fc.constantFrom(null, BEFORE, AFTER);
	const settings = fc.record({
		band: fc.integer({ min: 0, max: 2 }),
		weight: fc.constantFrom(1, 2),
		idleOnly: fc.boolean(),
		validFrom: times,
		validUntil: times,
	});
	const names = ['a', 'b', 'c', 'd'];
	const name = fc.constantFrom(null, ...names, 'gone');
	const group = fc.record({ gives: name, up: fc.integer({ min: 0, max: 9 }) });
	fc.assert(
		fc.property(
			fc.array(settings, { minLength: 4, maxLength: 4 }),
			fc.array(group, { minLength: 1, maxLength: 8 }),
			name,
			fc.array(fc.nat(), { maxLength: 4 }),
			fc.constantFrom(NOW, Date.parse(BEFORE), Date.parse(AFTER), NOW - 7_200_000),
			(all, nested, own, picks, now) => {
				const classes = Object.fromEntries(all.map((one, i) => [names[i]!, one]));
				// A group lies in an earlier one or in none, so that there is no circle.
				const groups = nested.map(({ gives, up }, i) => ({
					name: `g${i}`,
					gives,
					parent: i === 0 || up === 0 ? null : (up % i) + 1,
				}));
				const known = book(classes, groups);
				const whose = given(own, ...picks.map((pick) => (pick % groups.length) + 1));
				expect(resolveClass(whose, known, now).serviceClass).toBe(naive(whose, known, now));
			},
		),
		{ numRuns: 2_000 },
	);
});
