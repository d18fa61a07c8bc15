import { quoteForShell } from '../files/quote-for-shell.ts';
import { wholeFolder } from '../recipes/recipe-words.ts';
import type { Policy } from '../schedules/policy-fields.tsx';
import { type RuleDraft, ruleOf } from '../schedules/rule-draft.ts';
import { jobOf, recipeOf, scheduleOf, tasksOf, triggerOf, type Wish } from './wish.ts';

/** When it starts, with what belongs to that. */
export type Start =
	| { when: 'now' }
	| { when: 'upload'; name: string; folder: string }
	| { when: 'schedule'; name: string; rule: RuleDraft; policy: Policy };

/** Files that a command names; a page is no place to read more. */
export const MOST_NAMED = 100;

const patterns = (kinds: readonly string[] | undefined): string[] =>
	(kinds ?? []).map((kind) => `--type ${quoteForShell(kind)}`);

const choices = ({ parameters, serviceClass, filing, secrets }: Wish): string[] => [
	...(Object.keys(parameters).length > 0 ? [`--params ${quoteForShell(JSON.stringify(parameters))}`] : []),
	...(serviceClass === null ? [] : [`--class ${quoteForShell(serviceClass)}`]),
	...(filing.place === 'keep' ? [] : [`--results ${quoteForShell(filing.folder ?? 'beside')}`]),
	...(filing.place !== 'keep' && filing.conflict === 'rename' ? ['--results-conflict rename'] : []),
	...Object.entries(secrets).map(([slot, { name }]) => `--secret ${quoteForShell(`${slot}=${name}`)}`),
];

const madeRecipe = (wish: Wish, name: string): string =>
	`echo ${quoteForShell(JSON.stringify(recipeOf(wish, name)))} | millrace recipes create -`;

const timesOf = (rule: RuleDraft): string[] => {
	const { cron, every, timeZone } = ruleOf(rule) ?? { cron: '…', timeZone: rule.timeZone };
	const times = cron === undefined ? `--every ${(every ?? 0) / 1_000}s` : `--cron ${quoteForShell(cron)}`;
	return [times, `--zone ${quoteForShell(timeZone ?? 'UTC')}`];
};

/** The same as a command line; null where the command line cannot say it. */
export const asCommand = (wish: Wish, start: Start): string | null => {
	const { type, files, spread, serviceClass, work } = wish;
	const paths = files.slice(0, MOST_NAMED).map(({ path }) => quoteForShell(path));
	const inClass = serviceClass === null ? [] : [`--class ${quoteForShell(serviceClass)}`];
	if (start.when === 'upload') {
		const { folder, recursive, mediaTypes } = triggerOf(wish, start.folder);
		const where = [`--folder ${quoteForShell(folder ?? '/')}`, ...(recursive ? [] : ['--flat'])];
		const words = [
			quoteForShell(start.name.trim()),
			...where,
			...patterns(mediaTypes),
			'--on upload,update',
			...inClass,
		];
		return `${madeRecipe(wish, start.name)}\nmillrace recipes attach ${words.join(' ')}`;
	}
	if (start.when === 'schedule') {
		if (Object.keys(wish.secrets).length > 0) return null;
		const { misfire, overlap, pauseAfter } = start.policy;
		const policy = [`--misfire ${misfire}`, `--overlap ${overlap}`, `--pause-after ${pauseAfter}`];
		const of = choices({ ...wish, filing: { place: 'keep', conflict: 'version' } });
		const words = [
			quoteForShell(start.name.trim() || 'NAME'),
			type,
			...paths,
			...timesOf(start.rule),
			...of,
			...policy,
		];
		return `millrace schedules create ${words.join(' ')}`;
	}
	if (work.kind === 'folder') {
		if (!wish.recursive) return null;
		const name = `${type} of ${work.folder}`.slice(0, 100);
		const { mediaTypes } = triggerOf(wish, work.folder);
		const words = [quoteForShell(name), quoteForShell(wholeFolder(work.folder)), ...patterns(mediaTypes), ...inClass];
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
		const trigger = { recipe: 'ID OF THE RECIPE', ...triggerOf(wish, start.folder) };
		return `${call('recipes', recipeOf(wish, start.name))}\n${call('triggers', trigger)}`;
	}
	if (start.when === 'schedule') {
		const times = ruleOf(start.rule) ?? { cron: '…', timeZone: start.rule.timeZone };
		return call('schedules', scheduleOf(wish, { ...start, times }));
	}
	if (wish.work.kind === 'folder') return call('jobs', jobOf(wish, wish.work.folder));
	const tasks = tasksOf({ ...wish, files: wish.files.slice(0, MOST_NAMED) });
	return call('tasks:batch', { tasks });
};
