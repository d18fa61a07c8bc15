import { type Command, Option } from 'commander';
import { dryRunJob, readJob, startJob } from '../../../shared/client/jobs.ts';
import type { NewJobWish } from '../../../shared/protocol/job.ts';
import type { Context } from '../context.ts';
import { findRecipe } from '../recipes/find-recipe.ts';
import type { RecipeOptions } from '../recipes/recipe-options.ts';
import { progressOf, showDryRun, showJob } from '../recipes/show-job.ts';
import { overOf } from '../recipes/targets.ts';
import { waitForJob } from '../recipes/wait-for-job.ts';
import { filingOf, type ResultsOptions, withResults } from '../tasks/results-option.ts';
import { requireDone } from './job.ts';
import { routingKey } from './run.ts';

interface Options extends RecipeOptions, ResultsOptions {
	queueKey?: string;
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
	const { lane, class: serviceClass, together, type, queueKey } = options;
	const results = filingOf(options);
	const wish: NewJobWish = {
		...{ recipe, lane },
		...(targets.length === 0 ? {} : { over: await overOf(http, targets, type, signal) }),
		...(serviceClass === undefined ? {} : { serviceClass }),
		...(queueKey === undefined ? {} : { routingKey: queueKey }),
		...(results === null ? {} : { results }),
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
	withResults(add('run', 'run a recipe over files, a folder and what is below it, or a dataset'))
		.argument('<recipe>', 'name or id')
		.argument('[targets...]', 'paths or ids of files; the path of one folder; or dataset:NAME[/path][@version]')
		.option('--dry-run', 'only count: tasks, costs, and what would be left out')
		.addOption(
			new Option('--lane <LANE>', 'backfill: after all fresh work, when nodes have nothing else to do')
				.choices(['fresh', 'backfill'])
				.default('fresh'),
		)
		.addOption(new Option('--class <CLASS>', 'the service class that its tasks go by'))
		.option('--queue-key <KEY>', 'the routing key (default: that of each step)', routingKey)
		.addOption(
			new Option('--type <TYPE>', 'of a folder or dataset only such files, for example image/*; repeatable')
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
  millrace recipes run "Image basics" dataset:sample-images/shapes --results /basics
  millrace recipes run "Image basics" / --lane backfill`,
		)
		.action((named: string, targets: string[], options: Options) => run(context, named, targets, options));
};
