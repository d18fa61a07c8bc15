import { type Command, Option } from 'commander';
import { dryRunJob, readJob, startJob } from '../../../shared/client/jobs.ts';
import type { NewJobWish } from '../../../shared/protocol/job.ts';
import type { Context } from '../context.ts';
import { findRecipe } from '../recipes/find-recipe.ts';
import type { RecipeOptions } from '../recipes/recipe-options.ts';
import { progressOf, showDryRun, showJob } from '../recipes/show-job.ts';
import { overOf } from '../recipes/targets.ts';
import { waitForJob } from '../recipes/wait-for-job.ts';
import { requireDone } from './job.ts';

interface Options extends RecipeOptions {
	dryRun?: boolean;
	lane: 'fresh' | 'backfill';
	class?: string;
	type: string[];
	together?: boolean;
	wait?: boolean;
}

const run = async (context: Context, named: string, targets: readonly string[], options: Options): Promise<void> => {
	const { signal, out } = context;
	const http = await context.connect(options);
	const { id: recipe } = await findRecipe(http, named, signal);
	const { lane, class: serviceClass, together, type } = options;
	const wish: NewJobWish = {
		...{ recipe, lane },
		...(targets.length === 0 ? {} : { over: await overOf(http, targets, type, signal) }),
		...(serviceClass === undefined ? {} : { serviceClass }),
		...(together ? { spread: 'together' as const } : {}),
	};
	if (options.dryRun) {
		const dry = await dryRunJob(http, wish, { signal });
		if (options.json) out.json(dry);
		else showDryRun(out, dry);
		return;
	}
	const { id } = await startJob(http, wish);
	const tell = options.json
		? () => {}
		: (job: Parameters<typeof progressOf>[0]) => out.note(`${progressOf(job)} tasks have ended`);
	const job = options.wait ? await waitForJob(http, id, signal, tell) : await readJob(http, id, { signal });
	if (options.json) out.json(job);
	else showJob(out, job);
	if (options.wait) requireDone(job);
};

const collect = (item: string, items: string[]): string[] => [...items, item];

export const addRecipeRun = (context: Context, add: (name: string, description: string) => Command): void => {
	add('run', 'run a recipe over files, or over a folder and what is below it')
		.argument('<recipe>', 'name or id')
		.argument('[targets...]', 'paths or ids of files, or the path of one folder')
		.option('--dry-run', 'only count: tasks, costs, and what would be left out')
		.addOption(
			new Option('--lane <LANE>', 'backfill: after all fresh work, when nodes have nothing else to do')
				.choices(['fresh', 'backfill'])
				.default('fresh'),
		)
		.addOption(new Option('--class <CLASS>', 'the service class that its tasks go by'))
		.addOption(
			new Option('--type <TYPE>', 'of a folder only such files, for example image/*; repeatable')
				.argParser(collect)
				.default([] as string[], 'all'),
		)
		.option('--together', 'one task for all files, instead of one for each')
		.option('--wait', 'wait until it is over')
		.addHelpText(
			'after',
			`
Examples:
  millrace recipes run "Image basics" /photo.jpg --wait
  millrace recipes run "Image basics" /photos --type image/* --dry-run
  millrace recipes run "Image basics" / --lane backfill`,
		)
		.action((named: string, targets: string[], options: Options) => run(context, named, targets, options));
};
