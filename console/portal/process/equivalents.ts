import { quoteForShell } from '../../kit/quote-for-shell.ts';
import { wholeFolder } from '../recipes/recipe-words.ts';
import type { Policy } from '../schedules/policy-fields.tsx';
import { type RuleDraft, ruleOf } from '../schedules/rule-draft.ts';
import { isJob, jobOf, recipeOf, recipeScheduleOf, scheduleOf, tasksOf, triggerOf, type Wish } from './wish.ts';

/** When it starts, with what belongs to that. */
export type Start =
	| { when: 'now' }
	| { when: 'upload'; name: string; folder: string }
	/** `ofRecipe`: each time a recipe of the same name, not one task. */
	| { when: 'schedule'; name: string; rule: RuleDraft; policy: Policy; ofRecipe: boolean };

/** Stands for what the call before answers. */
const RECIPE = 'ID OF THE RECIPE';

/** Files that a command names; a page is no place to read more. */
export const MOST_NAMED = 100;

const patterns = (kinds: readonly string[] | undefined): string[] =>
	(kinds ?? []).map((kind) => `--type ${quoteForShell(kind)}`);

/** Which class and which queue, as every command that makes tasks takes them. */
const placed = ({ serviceClass, routingKey }: Wish): string[] => [
	...(serviceClass === null ? [] : [`--class ${quoteForShell(serviceClass)}`]),
	...(routingKey.trim() === '' ? [] : [`--queue-key ${quoteForShell(routingKey.trim())}`]),
];

const choices = (wish: Wish): string[] => {
	const { parameters, filing, secrets } = wish;
	return [
		...(Object.keys(parameters).length > 0 ? [`--params ${quoteForShell(JSON.stringify(parameters))}`] : []),
		...placed(wish),
		...(filing.place === 'keep' ? [] : [`--results ${quoteForShell(filing.folder ?? 'beside')}`]),
		...(filing.place !== 'keep' && filing.conflict === 'rename' ? ['--results-conflict rename'] : []),
		...Object.entries(secrets).map(([slot, { name }]) => `--secret ${quoteForShell(`${slot}=${name}`)}`),
	];
};

const madeRecipe = (wish: Wish, name: string): string =>
	`echo ${quoteForShell(JSON.stringify(recipeOf(wish, name)))} | millrace recipes create -`;

const timesOf = (rule: RuleDraft): string[] => {
	const { cron, every, timeZone } = ruleOf(rule) ?? { cron: '…', timeZone: rule.timeZone };
	const times = cron === undefined ? `--every ${(every ?? 0) / 1_000}s` : `--cron ${quoteForShell(cron)}`;
	return [times, `--zone ${quoteForShell(timeZone ?? 'UTC')}`];
};

const placeOf = (work: Wish['work']): string => {
	if (work.kind === 'folder') return work.folder;
	return work.kind === 'dataset' ? work.name : 'files';
};

/** What a recipe is run over, and which of it. */
const targets = (
	wish: Wish,
	paths: readonly string[],
	when: 'now' | 'then',
): { over: readonly string[]; kinds: string[] } => {
	const { work } = wish;
	if (work.kind === 'dataset') {
		const place = [work.name, ...(work.under === '' ? [] : [work.under])].join('/');
		return { over: [quoteForShell(`dataset:${place}${when === 'now' ? `@${work.version}` : ''}`)], kinds: [] };
	}
	if (work.kind !== 'folder') return { over: paths, kinds: [] };
	return { over: [quoteForShell(wholeFolder(work.folder))], kinds: patterns(triggerOf(wish, work.folder).mediaTypes) };
};

const asScheduleCommand = (
	wish: Wish,
	start: Start & { when: 'schedule' },
	paths: readonly string[],
): string | null => {
	const { work } = wish;
	const name = quoteForShell(start.name.trim() || 'NAME');
	const { misfire, overlap, pauseAfter } = start.policy;
	const policy = [`--misfire ${misfire}`, `--overlap ${overlap}`, `--pause-after ${pauseAfter}`];
	const command = ['millrace schedules create', name];
	if (!start.ofRecipe) {
		if (Object.keys(wish.secrets).length > 0) return null;
		return [...command, wish.type, ...paths, ...timesOf(start.rule), ...choices(wish), ...policy].join(' ');
	}
	if (work.kind === 'folder' && !wish.recursive) return null;
	const { over, kinds } = targets(wish, paths, 'then');
	const what = [`--recipe ${name}`, ...over.map((one) => `--over ${one}`), ...kinds];
	const words = [...command, ...what, ...timesOf(start.rule), ...placed(wish), ...policy];
	return `${madeRecipe(wish, start.name)}\n${words.join(' ')}`;
};

/** The same as a command line; null where the command line cannot say it. */
export const asCommand = (wish: Wish, start: Start): string | null => {
	const { type, files, spread, work } = wish;
	const paths = files.slice(0, MOST_NAMED).map(({ path }) => quoteForShell(path));
	if (start.when === 'upload') {
		const { folder, recursive, mediaTypes } = triggerOf(wish, start.folder);
		const where = [`--folder ${quoteForShell(folder ?? '/')}`, ...(recursive ? [] : ['--flat'])];
		const words = [
			quoteForShell(start.name.trim()),
			...where,
			...patterns(mediaTypes),
			'--on upload,update',
			...placed(wish),
		];
		return `${madeRecipe(wish, start.name)}\nmillrace recipes attach ${words.join(' ')}`;
	}
	if (start.when === 'schedule') return asScheduleCommand(wish, start, paths);
	if (isJob(wish)) {
		if (work.kind === 'folder' && !wish.recursive) return null;
		const name = `${type} of ${placeOf(work)}`.slice(0, 100);
		const { over, kinds } = targets(wish, paths, 'now');
		const words = [quoteForShell(name), ...over, ...kinds, ...placed(wish)];
		return `${madeRecipe(wish, name)}\nmillrace recipes run ${words.join(' ')}`;
	}
	const each = spread === 'each' && files.length > 1 ? ['--each'] : [];
	return ['millrace run', type, ...paths, ...choices(wish), ...each].join(' ');
};

/** A call with the token from the environment, so that it stands in no history. */
export const curl = (url: string, body: unknown): string =>
	[
		`curl -X POST ${quoteForShell(url)}`,
		`  -H "Authorization: Bearer $MILLRACE_TOKEN"`,
		`  -H 'Content-Type: application/json'`,
		`  -d ${quoteForShell(JSON.stringify(body))}`,
	].join(' \\\n');

/** The same as calls of the HTTP API. */
export const asCall = (wish: Wish, start: Start, origin: string): string => {
	const call = (path: string, body: unknown) => curl(`${origin}/api/v1/${path}`, body);
	if (start.when === 'upload') {
		const trigger = { recipe: RECIPE, ...triggerOf(wish, start.folder) };
		return `${call('recipes', recipeOf(wish, start.name))}\n${call('triggers', trigger)}`;
	}
	if (start.when === 'schedule') {
		const schedule = { ...start, times: ruleOf(start.rule) ?? { cron: '…', timeZone: start.rule.timeZone } };
		if (!start.ofRecipe) return call('schedules', scheduleOf(wish, schedule));
		const made = call('recipes', recipeOf(wish, start.name));
		return `${made}\n${call('schedules', recipeScheduleOf(wish, schedule, RECIPE))}`;
	}
	if (isJob(wish)) return call('jobs', jobOf(wish));
	const tasks = tasksOf({ ...wish, files: wish.files.slice(0, MOST_NAMED) });
	return call('tasks:batch', { tasks });
};
