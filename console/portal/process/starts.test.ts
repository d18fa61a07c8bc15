import { describe, expect, it } from 'vitest';
import type { RecipeView } from '../../../shared/protocol/recipe.ts';
import { type Manifest, manifestSchema } from '../../../shared/protocol/task-type.ts';
import type { TriggerView } from '../../../shared/protocol/trigger.ts';
import { newRule } from '../schedules/rule-draft.ts';
import { againOf, asAgainCommand, urlOfOtherFiles } from './again.ts';
import { addressOf, draftOf } from './draft.ts';
import { asCall, asCommand, type Start } from './equivalents.ts';
import { faultsOf } from './faults.ts';
import { fitOf, usualSpread } from './fit.ts';
import { recipeThere, sameTrigger } from './same-recipe.ts';
import { whenFault } from './when.ts';
import { countedOf, jobOf, recipeOf, recipeScheduleOf, scheduleOf, triggerOf, type Wish } from './wish.ts';
import { type ChosenFile, chosenFile, type Work } from './work.ts';

const idOf = (n: number) => `fil_${String(n).padStart(26, '0')}`;
const file = (n: number): ChosenFile =>
	chosenFile({ id: idOf(n), path: `/in/${n}.png`, name: `${n}.png`, size: 10, mediaType: 'image/png' });
const FOLDER: Work = { kind: 'folder', folder: '/in' };
const POLICY = { misfire: 'once', overlap: 'skip', pauseAfter: 5 } as const;
const wish = (more: Partial<Wish> = {}): Wish => ({
	...{
		type: 'resize',
		work: FOLDER,
		files: [],
		spread: 'each',
		parameters: { width: 5 },
		serviceClass: 'lab',
		routingKey: '',
	},
	...{ filing: { place: 'beside', conflict: 'version' }, secrets: {}, kinds: '', recursive: true },
	...more,
});
const upload = { when: 'upload', name: 'Small', folder: '/in' } as const;
const schedule: Start & { when: 'schedule' } = {
	when: 'schedule',
	name: 'Daily',
	rule: newRule('Europe/London'),
	policy: POLICY,
	ofRecipe: false,
};

describe('the address', () => {
	it('holds what was chosen, and nothing that is as usual', () => {
		const before = new URLSearchParams('files=a,b&type=md5&when=never&spread=x&results=no&settings=[1]&flat=');
		const draft = draftOf(before);
		expect(addressOf(draft, before).toString()).toBe('files=a%2Cb&type=md5');
		const full = {
			...{
				type: 'resize',
				when: 'upload' as const,
				serviceClass: 'lab',
				routingKey: 'priority.x',
				spread: 'each' as const,
				kinds: 'image/*',
			},
			...{ filing: { place: 'folder' as const, folder: '/out', conflict: 'rename' as const }, recursive: false },
			...{ watched: '/in', settings: { width: 5, name: 'a&b=c' } },
		};
		expect(draftOf(addressOf(full, before))).toEqual(full);
		const long = addressOf({ ...full, settings: { note: 'x'.repeat(3_000) } }, before);
		expect(long.get('settings')).toBeNull();
	});
});

describe('when it can start', () => {
	const type = (input: Partial<Parameters<typeof manifestSchema.parse>[0] & object>): Manifest =>
		manifestSchema.parse({ name: 'resize', title: 'Resize', routingKey: 'a', ...input });
	const one = type({});
	const many = type({ inputs: { min: 2, max: 9 } });
	const secret = type({ secrets: [{ slot: 'key', title: 'Key' }] });
	const files = (count: number): Work => ({ kind: 'files', files: Array.from({ length: count }, (_, n) => file(n)) });
	const dataset: Work = { kind: 'dataset', name: 'd', version: 1, under: '', files: [file(1)] };
	it.each([
		['now', secret, FOLDER, null],
		['upload', one, files(2), null],
		['upload', one, dataset, 'A dataset does not change by uploads.'],
		['upload', many, files(2), 'A recipe works on one file at a time, and Resize takes 2 at least.'],
		['upload', secret, FOLDER, null],
		['schedule', one, files(1), null],
		['schedule', one, files(2), null],
		['schedule', many, files(2), null],
		['schedule', one, files(1_001), 'A schedule takes 1,000 files at most.'],
		['schedule', type({ inputs: { min: 0, max: 0 } }), { kind: 'nothing' }, null],
		['schedule', type({ inputs: { max: 1000 } }), files(101), 'One task of a schedule takes 100 files at most.'],
		['schedule', secret, dataset, null],
		['schedule', one, FOLDER, null],
		['schedule', one, { ...dataset, files: [file(1), file(2)] }, null],
	] as const)('%s: %#', (when, manifest, work, fault) => {
		const fit = fitOf(manifest, work);
		expect(whenFault(when, manifest, work, fit, usualSpread(fit, manifest))).toBe(fault);
	});

	it('tells what is missing, and where', () => {
		const wrong = wish({
			routingKey: 'no spaces',
			filing: { place: 'folder', folder: 'out', conflict: 'version' },
			kinds: 'pictures',
		});
		const sections = (start: Parameters<typeof faultsOf>[1]) =>
			faultsOf(wrong, start, secret).map(({ section }) => section);
		expect(sections({ when: 'now' })).toEqual(['settings', 'when', 'class', 'results']);
		expect(sections({ ...upload, name: ' ', folder: '' })).toEqual([
			'settings',
			'when',
			'when',
			'when',
			'class',
			'results',
		]);
		expect(sections({ ...schedule, rule: { ...schedule.rule, time: '' } })).toEqual([
			'settings',
			'when',
			'when',
			'class',
			'results',
		]);
		expect(faultsOf(wish(), upload, one)).toEqual([]);
	});
});

describe('what is sent', () => {
	const step = { type: 'resize', parameters: { width: 5 }, results: { place: 'beside', conflict: 'version' } };
	it('is a recipe and a trigger for every upload', () => {
		expect(recipeOf(wish(), ' Small ')).toEqual({ name: 'Small', steps: [step] });
		const on = { folder: '/in', recursive: true, events: ['upload', 'update'], serviceClass: 'lab' };
		expect(triggerOf(wish(), 'in/')).toEqual(on);
		expect(triggerOf(wish({ routingKey: 'priority.x' }), 'in/')).toEqual({ ...on, routingKey: 'priority.x' });
		expect(asCommand(wish({ kinds: 'image/png', recursive: false, routingKey: 'priority.x' }), upload)).toBe(
			`echo '${JSON.stringify({ name: 'Small', steps: [step] })}' | millrace recipes create -\n` +
				'millrace recipes attach Small --folder /in --flat --type image/png --on upload,update --class lab --queue-key priority.x',
		);
		expect(asCall(wish(), upload, 'https://m')).toContain('https://m/api/v1/triggers');
	});

	it('is a job for a folder', () => {
		const job = { steps: [step], over: { folder: '/in', recursive: true }, serviceClass: 'lab' };
		expect(jobOf(wish())).toEqual(job);
		expect(countedOf(wish())).toEqual(job);
		expect(asCommand(wish(), { when: 'now' })).toMatch(
			/create -\nmillrace recipes run 'resize of \/in' \/in --class lab$/,
		);
		expect(asCommand(wish({ recursive: false }), { when: 'now' })).toBeNull();
		expect(JSON.parse(/-d '(.*)'$/.exec(asCall(wish(), { when: 'now' }, ''))?.[1] ?? '')).toEqual(job);
	});

	it('is a schedule of one task, always of the files as they are then', () => {
		const work: Work = { kind: 'files', files: [file(1)] };
		const times = { cron: '30 7 * * *', timeZone: 'Europe/London' };
		expect(scheduleOf(wish({ work, files: work.files }), { ...schedule, times })).toEqual({
			...{ name: 'Daily', ...times, type: 'resize', parameters: { width: 5 }, inputs: [{ file: idOf(1) }] },
			...{ ...POLICY, serviceClass: 'lab', results: step.results },
		});
		expect(asCommand(wish({ work, files: work.files }), schedule)).toBe(
			"millrace schedules create Daily resize /in/1.png --cron '30 7 * * *' --zone Europe/London " +
				`--params '{"width":5}' --class lab --results beside --misfire once --overlap skip --pause-after 5`,
		);
	});
});

describe('a schedule of a recipe', () => {
	const times = { cron: '30 7 * * *', timeZone: 'Europe/London' };
	const ofRecipe = { ...schedule, ofRecipe: true };
	it('is over the folder, or over the files', () => {
		const common = { name: 'Daily', ...times, ...POLICY, serviceClass: 'lab', recipe: 'rcp_1' };
		expect(recipeScheduleOf(wish({ kinds: 'image/*' }), { ...schedule, times }, 'rcp_1')).toEqual({
			...{ ...common, over: { folder: '/in', recursive: true, mediaTypes: ['image/*'] } },
		});
		const work: Work = { kind: 'files', files: [file(1), file(2)] };
		expect(recipeScheduleOf(wish({ work, files: work.files }), { ...schedule, times }, 'rcp_1')).toEqual({
			...{ ...common, over: { files: [idOf(1), idOf(2)] } },
		});
		expect(asCommand(wish({ work, files: work.files }), ofRecipe)).toContain(
			'millrace schedules create Daily --recipe Daily --over /in/1.png --over /in/2.png --cron',
		);
		expect(asCommand(wish(), ofRecipe)).toContain('--recipe Daily --over /in --cron');
		// Of a dataset the version that is the newest then.
		const dataset: Work = { kind: 'dataset', name: 'birds', version: 3, under: 'a', files: work.files };
		expect(recipeScheduleOf(wish({ work: dataset }), { ...schedule, times }, 'rcp_1')).toEqual({
			...{ ...common, over: { dataset: 'birds', under: 'a' } },
		});
		expect(asCommand(wish({ work: dataset }), ofRecipe)).toContain('--over dataset:birds/a --cron');
		expect(asCommand(wish({ recursive: false }), ofRecipe)).toBeNull();
		expect(asCall(wish(), ofRecipe, 'https://m')).toMatch(/v1\/recipes(.|\n)*v1\/schedules(.|\n)*ID OF THE RECIPE/);
	});
});

describe('a recipe that is there', () => {
	const there = {
		...{ id: 'rcp_1', name: 'SMALL' },
		steps: [
			{
				results: { conflict: 'version', place: 'beside' },
				parameters: { width: 5 },
				type: 'resize',
				priority: 4,
				after: [],
			},
		],
	} as unknown as RecipeView;
	it('is used when it does the same', () => {
		expect(recipeThere([there], recipeOf(wish(), 'small '))).toEqual({ there: 'same', recipe: there });
		expect(recipeThere([there], recipeOf(wish({ parameters: { width: 6 } }), 'small')).there).toBe('other');
		expect(recipeThere([there], recipeOf(wish(), 'tiny')).there).toBe('none');
	});

	it('has the trigger already, or does not', () => {
		const wanted = { recipe: `rcp_${'0'.repeat(26)}`, ...triggerOf(wish(), '/in') };
		const trigger = (more: Partial<TriggerView>) =>
			({
				...{ ...wanted, id: 'trg_1', version: 1, createdAt: '', lastFiredAt: null, enabled: true },
				...{ events: ['update', 'upload'], ...more },
			}) as TriggerView;
		expect(sameTrigger([trigger({})], wanted)?.id).toBe('trg_1');
		expect(sameTrigger([trigger({ enabled: false })], wanted)).toBeNull();
		expect(sameTrigger([trigger({ folder: '/other' })], wanted)).toBeNull();
	});
});

describe('once more', () => {
	const before = { width: 5, fit: 'cover', sizes: [1] };
	it('names the settings only when they are others', () => {
		expect(againOf(before, { ...before }, 'same')).toEqual({ inputs: 'same' });
		expect(againOf(before, { ...before, width: 6 }, 'newest')).toEqual({
			...{ inputs: 'newest', parameters: { ...before, width: 6 } },
		});
	});

	it('is a command where one can say it', () => {
		const command = (settings: Parameters<typeof againOf>[1]) =>
			asAgainCommand('tsk_1', before, againOf(before, settings, 'newest'));
		expect(command({ ...before, width: 6, fit: "it's" })).toBe(
			`millrace again tsk_1 --param width=6 --param 'fit=it'\\''s' --newest`,
		);
		expect(command({ ...before, sizes: [2] })).toBeNull();
		expect(command({ width: 5, sizes: [1] })).toBeNull();
	});

	it('can be chosen anew with the same files', () => {
		const input = { file: idOf(1), path: '/a', version: 1, sha256: '' };
		const url = urlOfOtherFiles({ type: 'resize', inputs: [input], results: null }, { width: 6 });
		expect(url).toBe(`/process?files=${idOf(1)}&type=resize&settings=${encodeURIComponent('{"width":6}')}`);
		expect(urlOfOtherFiles({ type: 'resize', inputs: [{ ...input, file: null }], results: null }, {})).toBeNull();
	});
});
