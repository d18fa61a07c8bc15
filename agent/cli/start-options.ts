import { type Command, Option } from 'commander';

const collect = (item: string, items: string[] = []): string[] => [...items, ...item.split(',').filter(Boolean)];

/** Options that say what an agent is; shared by the commands that need to know. Each has its MILLRACE_… variable. */
export const addNodeOptions = (command: Command): Command =>
	command
		.addOption(
			new Option('--hardware <NAME=COUNT>', 'a device that tasks may ask for, such as capture-card=1; repeatable')
				.env('MILLRACE_HARDWARE')
				.argParser(collect)
				.default([] as string[], 'none'),
		)
		.addOption(
			new Option('--label <NAME=VALUE>', 'a label, such as zone=lab; repeatable')
				.env('MILLRACE_LABEL')
				.argParser(collect)
				.default([] as string[], 'none'),
		)
		.addOption(
			new Option('--task-types <DIR>', 'folder with <name>/manifest.json of further task types').env(
				'MILLRACE_TASK_TYPES',
			),
		)
		.addOption(
			new Option('--sandbox <MODE>', 'auto: the strongest that works here; none: run programs unconfined')
				.env('MILLRACE_SANDBOX')
				.choices(['auto', 'none'])
				.default('auto'),
		)
		.addOption(
			new Option('--egress <MODE>', 'whom tasks may ask outside: public addresses only, or none')
				.env('MILLRACE_EGRESS')
				.choices(['public', 'none'])
				.default('public'),
		);

/** All options of `agent start`. */
export const addStartOptions = (command: Command): Command =>
	addNodeOptions(
		command
			.addOption(
				new Option('--coordinator <URL>', 'the coordinator’s address; remembered after the first start').env(
					'MILLRACE_COORDINATOR',
				),
			)
			.addOption(
				new Option('--token <TOKEN>', 'joins with this node token; needed at the first start only').env(
					'MILLRACE_TOKEN',
				),
			)
			.addOption(
				new Option('--queues <NAMES>', 'queues to serve, separated by commas')
					.env('MILLRACE_QUEUES')
					.default('normal,priority'),
			)
			.addOption(
				new Option('--concurrency <N>', 'tasks at a time (default: number of cores)').env('MILLRACE_CONCURRENCY'),
			)
			.addOption(new Option('--name <NAME>', 'the node’s name (default: the host’s)').env('MILLRACE_NAME'))
			.addOption(
				new Option('--work-dir <DIR>', 'folder for identity, cache and running tasks').env('MILLRACE_WORK_DIR'),
			)
			.addOption(
				new Option('--cache-size <SIZE>', 'most bytes of cached inputs, such as 500MB')
					.env('MILLRACE_CACHE_SIZE')
					.default('2GB'),
			)
			.addOption(
				new Option(
					'--egress-allow <HOST:PORT>',
					'a machine that is not public and may be asked all the same, such as feeds.lab:8080; repeatable',
				)
					.env('MILLRACE_EGRESS_ALLOW')
					.argParser(collect)
					.default([] as string[], 'none'),
			)
			.addOption(
				new Option('--x-api <URL>', 'where topics of X are asked for')
					.env('MILLRACE_X_API')
					.default('https://api.x.com'),
			)
			.addOption(
				new Option('--metering <MODE>', 'CPU of programs: auto, by control groups where possible; proc, by /proc')
					.env('MILLRACE_METERING')
					.choices(['auto', 'proc'])
					.default('auto'),
			)
			.addOption(
				new Option(
					'--drain-timeout <TIME>',
					'time that a drain may take, such as 90s or 30m (default: as long as the tasks need)',
				).env('MILLRACE_DRAIN_TIMEOUT'),
			)
			.addOption(
				new Option('--log-level <LEVEL>', 'trace, debug, info, warn, error, fatal or silent')
					.env('MILLRACE_LOG_LEVEL')
					.default('info'),
			),
	);
