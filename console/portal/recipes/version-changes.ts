import type { RecipeStep, RecipeVersion } from '../../../shared/protocol/recipe.ts';
import type { Manifest } from '../../../shared/protocol/task-type.ts';
import { filingWords, kindsInWords, stepTitle } from './recipe-words.ts';

type Contents = Pick<RecipeVersion, 'name' | 'description' | 'steps'>;

const MOST_LETTERS = 60;

/** The same text for the same value, in whatever order its names stand. */
const canonical = (value: unknown): string =>
	JSON.stringify(value, (_, one: unknown) =>
		typeof one === 'object' && one !== null && !Array.isArray(one)
			? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
			: one,
	) ?? '';

const shown = (value: unknown): string => {
	const text = typeof value === 'string' ? value : canonical(value);
	return text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS)}…` : text;
};

/** `width 400 → 800`; what was not set, or is not any more, has its default. */
const move = (name: string, before: unknown, after: unknown): string =>
	`${name} ${before === undefined ? 'default' : shown(before)} → ${after === undefined ? 'default' : shown(after)}`;

const settingChanges = (before: RecipeStep, after: RecipeStep, type: Manifest | undefined): string[] => {
	const names = new Set([...Object.keys(before.parameters), ...Object.keys(after.parameters)]);
	return [...names]
		.filter((name) => canonical(before.parameters[name]) !== canonical(after.parameters[name]))
		.map((name) =>
			move(type?.parameters.properties[name]?.title ?? name, before.parameters[name], after.parameters[name]),
		);
};

/** What of a step is other than before. */
const stepChanges = (before: RecipeStep, after: RecipeStep, type: Manifest | undefined): string => {
	const kinds = ({ accepts }: RecipeStep) => (accepts === undefined ? undefined : kindsInWords(accepts));
	const whole: [string, unknown, unknown][] = [
		['kinds of files', kinds(before), kinds(after)],
		['routing key', before.routingKey, after.routingKey],
		['service class', before.serviceClass, after.serviceClass],
		['priority', before.priority, after.priority],
	];
	const outputs = canonical(before.results) === canonical(after.results) ? [] : [filingWords(after.results)];
	return [
		...settingChanges(before, after, type),
		...whole.filter(([, from, to]) => from !== to).map(([name, from, to]) => move(name, from, to)),
		...outputs,
	].join(', ');
};

/** Takes out of both what stands in both, each once; what is left is in its order. */
const withoutCommon = <T>(
	before: readonly T[],
	after: readonly T[],
	keyOf: (one: T) => string,
): [T[], T[], [T, T][]] => {
	const left = [...before];
	const pairs: [T, T][] = [];
	const rest = after.filter((one) => {
		const at = left.findIndex((other) => keyOf(other) === keyOf(one));
		if (at === -1) return true;
		pairs.push([left[at] as T, one]);
		left.splice(at, 1);
		return false;
	});
	return [left, rest, pairs];
};

/** What a version of a recipe changed against the one before, in sentences. */
export const versionChanges = (before: Contents, after: Contents, types: readonly Manifest[]): string[] => {
	const said: string[] = [];
	if (before.name !== after.name) said.push(`Renamed from ${before.name} to ${after.name}`);
	if (before.description !== after.description) {
		said.push(after.description === '' ? 'Description taken out' : `Description: ${shown(after.description)}`);
	}
	const [gone, come] = withoutCommon(before.steps, after.steps, canonical);
	const [out, added, changed] = withoutCommon(gone, come, ({ type }) => type);
	for (const one of added) said.push(`${stepTitle(one, types)} added`);
	for (const one of out) said.push(`${stepTitle(one, types)} taken out`);
	for (const [from, to] of changed) {
		const type = types.find(({ name }) => name === to.type);
		said.push(`${stepTitle(to, types)}: ${stepChanges(from, to, type)}`);
	}
	const order = ({ steps }: Contents) => canonical(steps);
	if (said.length === 0)
		said.push(order(before) === order(after) ? 'Nothing changed' : 'The steps stand in another order');
	return said;
};
