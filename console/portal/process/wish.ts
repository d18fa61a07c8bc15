import type { NewTask } from '../../../shared/client/tasks.ts';
import type { NewJobWish } from '../../../shared/protocol/job.ts';
import type { Json } from '../../../shared/protocol/json.ts';
import type { NewRecipe } from '../../../shared/protocol/recipe.ts';
import type { Filing } from '../../../shared/protocol/result.ts';
import type { SchedulePreviewQuery } from '../../../shared/protocol/schedule.ts';
import { routingKeySchema } from '../../../shared/protocol/task.ts';
import type { NewTrigger } from '../../../shared/protocol/trigger.ts';
import { patternsOf, wholeFolder } from '../recipes/recipe-words.ts';
import type { Policy } from '../schedules/policy-fields.tsx';
import { inputsOf, type Spread } from './fit.ts';
import { type ChosenFile, isMany, type Work } from './work.ts';

/** Secrets by the names under which a type asks for them. */
export type ChosenSecrets = Record<string, { id: string; name: string }>;

/** Everything that was chosen, whenever it is to start. */
export interface Wish {
	type: string;
	work: Work;
	/** Those of the work that the type takes. */
	files: readonly ChosenFile[];
	spread: Spread;
	parameters: Record<string, Json>;
	/** Null: the one that counts anyway. */
	serviceClass: string | null;
	/** As it was written; empty: that of the type. */
	routingKey: string;
	filing: Filing;
	secrets: ChosenSecrets;
	/** Of a folder: kinds of files as they were written, and whether those below it count. */
	kinds: string;
	recursive: boolean;
}

/** Whether it can be a routing key; empty: that of the type counts. */
export const isRoutingKey = (text: string): boolean =>
	text.trim() === '' || routingKeySchema.safeParse(text.trim()).success;

/** A job names so many files at most. */
export const MOST_COUNTED = 1_000;

/** What is said instead of what the type, or one's own class, says. */
const given = ({ serviceClass, routingKey }: Wish) => ({
	...(serviceClass === null ? {} : { serviceClass }),
	...(routingKey.trim() === '' ? {} : { routingKey: routingKey.trim() }),
});
const secretIds = ({ secrets }: Wish) => {
	const ids = Object.entries(secrets).map(([slot, { id }]) => [slot, id]);
	return ids.length === 0 ? {} : { secrets: Object.fromEntries(ids) as Record<string, string> };
};
const filed = ({ filing }: Wish) => (filing.place === 'keep' ? {} : { results: filing });

/** What it does to each file, as a recipe has it. */
const stepOf = (wish: Wish): NewRecipe['steps'][number] => ({
	...{ type: wish.type, parameters: wish.parameters },
	...filed(wish),
	...secretIds(wish),
});

export const recipeOf = (wish: Wish, name: string): NewRecipe => ({ name: name.trim(), steps: [stepOf(wish)] });

export const tasksOf = (wish: Wish): NewTask[] => {
	const inputs = wish.work.kind === 'nothing' ? [[]] : inputsOf(wish.files, wish.spread);
	return inputs.map((some) => ({
		type: wish.type,
		inputs: some.map(({ input }) => input),
		parameters: wish.parameters,
		...given(wish),
		...filed(wish),
		...secretIds(wish),
	}));
};

const fileIds = (files: readonly ChosenFile[]): string[] =>
	files.flatMap(({ input }) => ('file' in input ? [input.file] : []));

const ofFolder = (wish: Wish, folder: string) => {
	const mediaTypes = patternsOf(wish.kinds);
	const path = wholeFolder(folder);
	return { folder: path, recursive: wish.recursive, ...(mediaTypes.length === 0 ? {} : { mediaTypes }) };
};

/** What several tasks are over; a schedule takes datasets as they are then. */
const overOf = (wish: Wish, when: 'now' | 'then'): NewJobWish['over'] => {
	const { work, files } = wish;
	if (work.kind === 'folder') return ofFolder(wish, work.folder);
	if (work.kind !== 'dataset') return { files: fileIds(files.slice(0, MOST_COUNTED)) };
	const { name, version, under } = work;
	return { dataset: name, ...(when === 'now' ? { version } : {}), ...(under === '' ? {} : { under }) };
};

/** What is in a folder or a dataset goes as a job: it may be more than can be named. */
export const isJob = ({ work, files, spread }: Wish): boolean =>
	work.kind === 'folder' || (work.kind === 'dataset' && isMany(work, files, spread));

export const jobOf = (wish: Wish): NewJobWish => {
	const over = overOf(wish, 'now');
	return { steps: [stepOf(wish)], ...(over ? { over } : {}), ...given(wish) };
};

export const triggerOf = (wish: Wish, folder: string): Omit<NewTrigger, 'recipe'> => ({
	...ofFolder(wish, folder),
	...{ events: ['upload', 'update'] },
	...given(wish),
});

interface ScheduleChoice {
	name: string;
	times: Pick<SchedulePreviewQuery, 'cron' | 'every' | 'timeZone'>;
	policy: Policy;
}

const scheduled = (wish: Wish, { name, times, policy: { misfire, overlap, pauseAfter } }: ScheduleChoice) => ({
	...{ name: name.trim(), ...times, misfire, overlap, pauseAfter },
	...given(wish),
});

/** One task each time, of the files as they are then. */
export const scheduleOf = (wish: Wish, schedule: ScheduleChoice) => ({
	...scheduled(wish, schedule),
	...{ type: wish.type, parameters: wish.parameters },
	inputs: wish.files.map(({ input }) =>
		'file' in input ? { file: input.file } : { dataset: input.dataset, path: input.path },
	),
	...filed(wish),
	...secretIds(wish),
});

/** A recipe each time, over the files or the folder. */
export const recipeScheduleOf = (wish: Wish, schedule: ScheduleChoice, recipe: string) => ({
	...scheduled(wish, schedule),
	recipe,
	over: overOf(wish, 'then'),
});

/** What the server can count beforehand; null: one task over files of a dataset is no job. */
export const countedOf = (wish: Wish): NewJobWish | null => {
	const { work, spread, files } = wish;
	if (work.kind === 'nothing') return { steps: [stepOf(wish)], ...given(wish) };
	if (work.kind === 'files') return files.length === 0 ? null : { ...jobOf(wish), spread };
	return isJob(wish) ? jobOf(wish) : null;
};
