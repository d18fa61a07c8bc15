import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BUILT_IN_TASK_TYPES } from '../../shared/protocol/built-in-task-types.ts';
import { recipeStepSchema } from '../../shared/protocol/recipe.ts';
import { triggerDraftSchema } from '../../shared/protocol/trigger.ts';
import { naiveFiring } from '../../test/support/naive-planner.ts';
import { type BookTrigger, bookOf } from './book.ts';
import { DEFAULT_RECIPE, DEFAULT_TRIGGER } from './default-recipe.ts';
import { type FileFacts, MOST_TASKS, planFirings, planTyped } from './plan.ts';
import { Planner } from './planner.ts';
import { StepResolver } from './step-resolver.ts';

const MANIFESTS = new Map(BUILT_IN_TASK_TYPES.map((manifest) => [manifest.name, manifest]));
const resolver = new StepResolver((name) => {
	const manifest = MANIFESTS.get(name);
	return manifest && { seq: [...MANIFESTS.keys()].indexOf(name) + 1, manifest };
});
const world = {
	resolve: (step: BookTrigger['steps'][number]) => resolver.of(step),
	terms: () => ({ routingKey: 'normal.x', serviceClass: null }),
};

const trigger = (seq: number, more: object = {}, steps: readonly object[] = [{ type: 'md5' }]): BookTrigger => {
	const { recipe: _, enabled: __, ...draft } = triggerDraftSchema.parse({ recipe: `rcp_${'0'.repeat(26)}`, ...more });
	return { seq, recipe: 'rcp_x', recipeVersion: 1, steps: steps.map((step) => recipeStepSchema.parse(step)), draft };
};
const basics: BookTrigger = { ...trigger(1), steps: DEFAULT_RECIPE.steps, draft: DEFAULT_TRIGGER };

const upload = (path: string, more: Partial<FileFacts> = {}): FileFacts => ({
	...{ path, event: 'upload', mediaType: null, isSniffed: true, isResult: false, lineage: [] },
	...more,
});
const plan = (triggers: readonly BookTrigger[], facts: FileFacts) => {
	const { firings, typing } = planFirings(triggers, facts, world);
	return {
		firings: firings.map(({ triggerSeq, state, tasks }) => [triggerSeq, state, ...tasks.map(({ type }) => type)]),
		typing: typing?.type ?? null,
	};
};

describe('what a file starts', () => {
	test('everybody begins with facts of everything, and a small picture of pictures', () => {
		expect(plan([basics], upload('/a.txt')).firings).toEqual([[1, 'fired', 'md5', 'mimetype']]);
		const picture = upload('/a.png', { mediaType: 'image/png' });
		expect(plan([basics], picture).firings).toEqual([[1, 'fired', 'md5', 'mimetype', 'thumbnail']]);
	});

	test.each(['._a.png', '.DS_Store', 'thumbs.DB', 'desktop.ini', '~$letter.docx', '.~lock.table.ods#'])(
		'%s starts nothing, whatever a trigger says',
		(name) => {
			const anything = trigger(2, { ignore: [], mediaTypes: ['text/*'] });
			const nothing = { firings: [], typing: null };
			expect(plan([basics, anything], upload(`/deep/${name}`))).toEqual(nothing);
			expect(plan([basics], upload(`/${name}`, { event: 'update', mediaType: 'image/png' }))).toEqual(nothing);
			expect(plan([basics], upload(`/${name}/a`)).firings).toHaveLength(1);
		},
	);

	test('inboxes have room of their own, after all triggers', () => {
		const many = Array.from({ length: 13 }, (_, i) => trigger(i + 1, {}, Array(5).fill({ type: 'md5' })));
		const inbox = trigger(-1, {}, Array(16).fill({ type: 'noop' }));
		const { firings } = plan([...many, inbox, { ...inbox, seq: -2 }], upload('/a'));
		expect(firings.map(([seq, state]) => `${seq} ${state}`).slice(11)).toEqual([
			...['12 fired', '13 skipped', '-1 fired', '-2 fired'],
		]);
	});

	test('what nobody can tell yet waits, and somebody is sent to find out, once', () => {
		const texts = trigger(2, { mediaTypes: ['text/*'] });
		expect(plan([texts], upload('/a'))).toEqual({ firings: [[2, 'waits-for-type']], typing: 'mimetype' });
		expect(plan([texts], upload('/a', { mediaType: 'image/png' }))).toEqual({ firings: [], typing: null });
		// The first bytes would have shown a picture.
		expect(plan([trigger(2, { mediaTypes: ['image/png'] })], upload('/a')).firings).toEqual([]);
		expect(plan([trigger(2, { mediaTypes: ['image/png'] })], upload('/a', { isSniffed: false })).firings).toEqual([
			[2, 'waits-for-type'],
		]);
	});

	test('a step that needs to know the type waits alone; the others do not', () => {
		const both = trigger(2, {}, [{ type: 'md5' }, { type: 'md5', accepts: ['text/*'], priority: 9 }]);
		expect(plan([both], upload('/a')).firings).toEqual([[2, 'waits-for-type', 'md5']]);
		const typed = planTyped(both, 'text/plain', true, world);
		expect(typed).toMatchObject({ state: 'fired', tasks: [{ type: 'md5', step: 1, priority: 9 }] });
		expect(planTyped(both, 'application/pdf', true, world)).toBeNull();
	});

	test('a trigger is never started by what came of itself, and no ring goes round', () => {
		const a = trigger(1, { includeResults: true });
		const result = (lineage: number[]) => plan([a], upload('/a', { isResult: true, lineage })).firings;
		expect(result([2])).toEqual([[1, 'fired', 'md5']]);
		expect(result([2, 1])).toEqual([[1, 'skipped']]);
		expect(result([2, 3, 4, 5, 6, 7, 8, 9])).toEqual([[1, 'skipped']]);
		expect(plan([trigger(1)], upload('/a', { isResult: true })).firings).toEqual([]);
	});

	test('a recipe that is broken is skipped with the reason, and so is more than a file may start', () => {
		const broken = trigger(3, {}, [{ type: 'md5' }, { type: 'nothing' }]);
		const [firing] = planFirings([broken], upload('/a'), world).firings;
		expect(firing).toMatchObject({ state: 'skipped', tasks: [] });
		expect(firing?.reason).toContain('There is no task type nothing');
		const eight = Array.from({ length: 9 }, (_, i) => trigger(i + 1, {}, Array(8).fill({ type: 'md5' })));
		const all = planFirings(eight, upload('/a'), world).firings;
		expect(all.flatMap(({ tasks }) => tasks)).toHaveLength(MOST_TASKS);
		expect(all.at(-1)).toMatchObject({ triggerSeq: 9, state: 'skipped' });
	});

	test('what the class does not allow is left out, and told when nothing is left', () => {
		const refusing = { ...world, terms: () => 'Your class allows no queue.' };
		const { firings } = planFirings([basics], upload('/a'), refusing);
		expect(firings).toMatchObject([{ state: 'skipped', reason: 'Your class allows no queue.', tasks: [] }]);
		// Nobody can find out the type: what waits for it does not wait for ever.
		const waiting = planFirings([trigger(2, { mediaTypes: ['text/*'] })], upload('/a'), refusing);
		expect(waiting.firings).toMatchObject([{ state: 'skipped' }]);
	});

	test('a trigger that was deleted before the type was known does nothing', () => {
		const planner = new Planner({ resolver, termsOf: () => ({ routingKey: 'x', serviceClass: null }) });
		const wait = { isResult: false, lineage: [], isSniffed: true };
		const firing = { seq: 1, triggerSeq: 7, event: 'upload', wait } as const;
		expect(planner.typed(1, bookOf(1, [basics]), firing, 'text/plain')).toContain('deleted');
	});
});

const TYPES = ['image/jpeg', 'image/png', 'image/svg+xml', 'text/plain', 'text/csv', 'application/pdf', 'video/mp4'];
const PATTERNS = ['*/*', 'image/*', 'image/jpeg', 'image/png', 'text/*', 'text/csv', 'application/pdf'];
const anyOf = <T>(values: readonly T[]) => fc.constantFrom(...values);
const patterns = fc.array(anyOf(PATTERNS), { minLength: 1, maxLength: 3 });
const step = fc.record(
	{ type: anyOf(['md5', 'mimetype', 'thumbnail', 'gone']), accepts: patterns },
	{ requiredKeys: ['type'] },
);
const anyTrigger = fc.record({
	folder: anyOf(['/', '/a', '/a/b', '/ab']),
	recursive: fc.boolean(),
	mediaTypes: patterns,
	ignore: fc.array(anyOf(['._*', '*.tmp', '*', 'x*y']), { maxLength: 2 }),
	events: anyOf([['upload'], ['update'], ['upload', 'update'], ['access']]),
	includeResults: fc.boolean(),
	steps: fc.array(step, { minLength: 1, maxLength: 3 }),
});
const anyFile = fc.record({
	path: anyOf(['/x.y', '/a/x.y', '/a/b/x.tmp', '/a/b/c/._x', '/ab/xy', '/a/b/X.TMP']),
	event: anyOf(['upload', 'update', 'access'] as const),
	mediaType: fc.option(anyOf(TYPES)),
	isSniffed: fc.boolean(),
	isResult: fc.boolean(),
	lineage: fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { maxLength: 9 }),
});

test('the plan is what the plainest reading of the rules says', () => {
	fc.assert(
		fc.property(fc.array(anyTrigger, { maxLength: 6 }), anyFile, (drafts, facts) => {
			const triggers = drafts.map(({ steps, ...draft }, i) => trigger(i + 1, draft, steps));
			const { firings, typing } = planFirings(triggers, facts, world);
			const expected = triggers.flatMap((one) => {
				const naive = naiveFiring(one, facts, MANIFESTS, TYPES);
				return naive ? [{ triggerSeq: one.seq, state: naive.state, made: naive.made }] : [];
			});
			expect(
				firings.map(({ triggerSeq, state, tasks }) => ({ triggerSeq, state, made: tasks.map(({ type }) => type) })),
			).toEqual(expected);
			expect(typing !== null).toBe(expected.some(({ state }) => state === 'waits-for-type'));
		}),
		{ numRuns: 3_000 },
	);
});

test('what is made at once and what is made when the type is known is together what a known type makes', () => {
	fc.assert(
		fc.property(anyTrigger, anyFile, anyOf(TYPES), ({ steps, ...draft }, file, mediaType) => {
			const one = trigger(20, draft, steps);
			const facts = { ...file, mediaType: null, isSniffed: false, lineage: [] };
			const typesOf = (firing: { tasks: { step: number | null }[] } | null | undefined) =>
				firing?.tasks.map(({ step: place }) => place) ?? [];
			const first = planFirings([one], facts, world).firings[0];
			const later = first?.state === 'waits-for-type' ? planTyped(one, mediaType, false, world) : null;
			const known = planFirings([one], { ...facts, mediaType }, world).firings[0];
			const together = [...typesOf(first), ...typesOf(later)].sort();
			expect(together).toEqual(typesOf(known));
		}),
		{ numRuns: 2_000 },
	);
});
