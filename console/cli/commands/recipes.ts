import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { answeredJson } from '../../../shared/client/http-client.ts';
import {
	createRecipe,
	deleteRecipe,
	listRecipeVersions,
	putRecipe,
	rollBackRecipe,
} from '../../../shared/client/recipes.ts';
import { type NewRecipe, type RecipeView, recipeDraftSchema } from '../../../shared/protocol/recipe.ts';
import { type Context, serverCommand } from '../context.ts';
import { usageError } from '../failure.ts';
import { wholeNumber } from '../number-option.ts';
import { findRecipe, readRecipes } from '../recipes/find-recipe.ts';
import type { RecipeOptions } from '../recipes/recipe-options.ts';
import { printTable } from '../terminal/table.ts';
import { localTime } from '../terminal/words.ts';
import { addRecipeRun } from './recipes-run.ts';
import { addRecipeTriggers } from './recipes-triggers.ts';

const COLUMNS = [
	{ title: 'NAME' },
	{ title: 'VERSION', side: 'right' as const },
	{ title: 'TRIGGERS', side: 'right' as const },
	{ title: 'STEPS' },
	{ title: 'ID' },
];

const stepsOf = ({ steps }: Pick<RecipeView, 'steps'>): string => steps.map(({ type }) => type).join(', ');

const list = async (context: Context, options: RecipeOptions): Promise<void> => {
	const recipes = await readRecipes(await context.connect(options), context.signal);
	if (options.json) {
		context.out.json({ items: recipes.map((recipe) => answeredJson(recipe)) });
		return;
	}
	if (recipes.length === 0) context.out.note('You have none: millrace recipes create --help');
	const rows = recipes.map((recipe) => [
		recipe.broken === null ? recipe.name : { text: `${recipe.name} (broken)`, style: 'red' as const },
		String(recipe.version),
		String(recipe.usedBy.triggers),
		stepsOf(recipe),
		recipe.id,
	]);
	printTable(context.out, COLUMNS, rows);
};

const show = async (context: Context, named: string, options: RecipeOptions): Promise<void> => {
	const recipe = await findRecipe(await context.connect(options), named, context.signal);
	const { name, description, steps, broken } = recipe;
	if (options.json) context.out.json(recipe);
	// What `edit` takes.
	else context.out.json({ name, description, steps });
	if (broken !== null) context.out.note(`It cannot run as it is: ${broken}`);
};

/** A recipe from a file, `-` for standard input. What is wrong with it is told by its place. */
const draftFrom = async (context: Context, file: string): Promise<NewRecipe> => {
	let text = '';
	if (file === '-') for await (const piece of context.stdin) text += String(piece);
	else text = await readFile(file, 'utf8');
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch (error) {
		throw usageError(`${file} is not JSON: ${(error as Error).message}`);
	}
	const parsed = recipeDraftSchema.safeParse(value);
	if (parsed.success) return parsed.data;
	const [issue] = parsed.error.issues;
	throw usageError(`${file}: ${issue?.path.join('.') || 'the recipe'}: ${issue?.message}`);
};

const told = ({ out }: Context, recipe: RecipeView, { json }: RecipeOptions, what: string): void => {
	if (json) out.json(recipe);
	else out.line(`${recipe.name} ${what} (version ${recipe.version}, ${recipe.id}).`);
};

const versions = async (context: Context, named: string, options: RecipeOptions): Promise<void> => {
	const http = await context.connect(options);
	const { id } = await findRecipe(http, named, context.signal);
	const { items } = await listRecipeVersions(http, id, { signal: context.signal });
	if (options.json) {
		context.out.json({ items: items.map((one) => answeredJson(one)) });
		return;
	}
	const columns = [{ title: 'VERSION', side: 'right' as const }, { title: 'AT' }, { title: 'BY' }, { title: 'STEPS' }];
	const rows = items.map((one) => [String(one.version), localTime(one.at), one.by, stepsOf(one)]);
	printTable(context.out, columns, rows);
};

/** `millrace recipes`: steps that are saved, run, and started by themselves. */
export const recipesCommand = (context: Context): Command => {
	const command = new Command('recipes')
		.description('recipes: saved steps, run over files or started by uploads')
		.addHelpText(
			'after',
			`
Examples:
  millrace recipes
  millrace recipes show "Image basics" > basics.json
  millrace recipes edit "Image basics" basics.json
  millrace recipes run "Image basics" /photos --dry-run
  millrace recipes attach "Image basics" --folder /photos --type image/png

What is put into the folder /_inbox/NAME starts the recipe NAME, without any trigger.
A recipe is a file such as {"name": "Small", "steps": [{"type": "thumbnail", "parameters": {"width": 64}}]}`,
		);
	const add = (name: string, description: string): Command => {
		const made = serverCommand(name).description(description).option('--json', 'as JSON');
		command.addCommand(made, { isDefault: name === 'list' });
		return made;
	};
	add('list', 'list your recipes').action((options: RecipeOptions) => list(context, options));
	add('show', 'show a recipe as the file that edit takes; with --json everything about it')
		.argument('<recipe>', 'name or id')
		.action((named: string, options: RecipeOptions) => show(context, named, options));
	add('create', 'save a recipe')
		.argument('<file>', 'JSON; - for standard input')
		.action(async (file: string, options: RecipeOptions) => {
			const draft = await draftFrom(context, file);
			told(context, await createRecipe(await context.connect(options), draft), options, 'is saved');
		});
	add('edit', 'replace a recipe')
		.argument('<recipe>', 'name or id')
		.argument('<file>', 'JSON; - for standard input')
		.action(async (named: string, file: string, options: RecipeOptions) => {
			const draft = await draftFrom(context, file);
			const http = await context.connect(options);
			const { id, version } = await findRecipe(http, named, context.signal);
			told(context, await putRecipe(http, id, draft, version), options, 'is changed');
		});
	add('versions', 'list a recipe’s versions, the newest first')
		.argument('<recipe>', 'name or id')
		.action((named: string, options: RecipeOptions) => versions(context, named, options));
	add('roll-back', 'make an earlier version the newest once more')
		.argument('<recipe>', 'name or id')
		.argument('<version>', 'its number', wholeNumber(1, Number.MAX_SAFE_INTEGER))
		.action(async (named: string, version: number, options: RecipeOptions) => {
			const http = await context.connect(options);
			const { id } = await findRecipe(http, named, context.signal);
			told(context, await rollBackRecipe(http, id, version), options, `is what it was in version ${version}`);
		});
	add('delete', 'delete a recipe and its triggers; what it has made stays')
		.argument('<recipe>', 'name or id')
		.action(async (named: string, options: RecipeOptions) => {
			const http = await context.connect(options);
			const recipe = await findRecipe(http, named, context.signal);
			await deleteRecipe(http, recipe.id);
			told(context, recipe, options, 'is gone');
		});
	addRecipeRun(context, add);
	addRecipeTriggers(context, add);
	return command;
};
