import type { z } from 'zod';
import type { Json } from '../../../shared/protocol/json.ts';
import type { againSchema } from '../../../shared/protocol/provenance.ts';
import type { TaskDetail } from '../../../shared/protocol/task.ts';
import { quoteForShell } from '../../kit/quote-for-shell.ts';
import { addressOf, draftOf } from './draft.ts';
import { curl } from './equivalents.ts';

export type AgainWish = z.input<typeof againSchema>;

const isSame = (a: Json | undefined, b: Json | undefined): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What is asked for: of the settings only that they are others, if they are. */
export const againOf = (
	before: Record<string, Json>,
	settings: Record<string, Json>,
	inputs: 'same' | 'newest',
): AgainWish => {
	const names = new Set([...Object.keys(before), ...Object.keys(settings)]);
	const isChanged = [...names].some((name) => !isSame(before[name], settings[name]));
	return { inputs, ...(isChanged ? { parameters: settings } : {}) };
};

/** The same as a command; null where it cannot say it: a setting is left out, or is a list or an object. */
export const asAgainCommand = (id: string, before: Record<string, Json>, wish: AgainWish): string | null => {
	const { parameters = before, inputs } = wish;
	if (Object.keys(before).some((name) => parameters[name] === undefined)) return null;
	const changed = Object.entries(parameters).filter(([name, value]) => !isSame(before[name], value));
	if (changed.some(([, value]) => typeof value === 'object')) return null;
	const words = changed.map(([name, value]) => `--param ${quoteForShell(`${name}=${value}`)}`);
	return ['millrace again', id, ...words, ...(inputs === 'newest' ? ['--newest'] : [])].join(' ');
};

export const asAgainCall = (id: string, wish: AgainWish, origin: string): string =>
	curl(`${origin}/api/v1/tasks/${id}:again`, wish);

/** The address where everything is chosen anew, with what the task had; null: it had files of a dataset, or none are left. */
export const urlOfOtherFiles = (
	{ type, inputs, results }: Pick<TaskDetail, 'type' | 'inputs' | 'results'>,
	settings: Record<string, Json>,
): string | null => {
	const files = inputs.flatMap(({ file, path }) => (file === null || path === null ? [] : [file]));
	if (files.length === 0 || files.length < inputs.length) return null;
	const draft = { ...draftOf(new URLSearchParams()), type, settings, ...(results ? { filing: results } : {}) };
	return `/process?${addressOf(draft, new URLSearchParams({ files: files.join() }))}`;
};
