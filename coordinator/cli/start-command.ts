import { Command, Option } from 'commander';
import { coordinatorConfig, FLAGS, type GivenOptions, optionOf, SETTINGS } from '../config/coordinator-config.ts';
import { EXIT } from './exit-codes.ts';
import { explaining } from './explaining.ts';

/** A shutdown that hangs must not keep a service manager waiting. */
const STOP_WITHIN_MS = 15_000;

/** `coordinator start`: runs until a signal or until the disk fails. */
export const startCommand = (): Command => {
	const command = new Command('start').description('run the coordinator until stopped');
	for (const [name, help] of Object.entries(SETTINGS)) {
		command.addOption(new Option(`--${optionOf(name)}${FLAGS.has(name) ? '' : ' <VALUE>'}`, help));
	}
	return command
		.addOption(new Option('--config <FILE>', 'JSON file with the same settings, such as {"port": 8080}'))
		.addHelpText(
			'after',
			`
Examples:
  coordinator start
  coordinator start --host 0.0.0.0 --port 443 --data /var/lib/millrace --tls-cert cert.pem --tls-key key.pem

MILLRACE_ADMIN_PASSWORD makes the first administrator "admin"; without it a set-up link for the browser is printed.
SIGTERM or Ctrl-C stops it; running tasks go on at their agents and are taken in again after the next start.`,
		)
		.action((options: GivenOptions) => run(options));
};

const run = async (options: GivenOptions): Promise<void> => {
	const config = coordinatorConfig(options);
	// All the rooms and doors: the other commands, such as node-token, come without.
	const { Coordinator } = await import('../coordinator.ts');
	const coordinator = await explaining(config.data, () => Coordinator.start(config));
	if (coordinator.setupUrl) process.stdout.write(`set up: ${coordinator.setupUrl}\n`);
	process.stdout.write(`coordinator ready: ${coordinator.url}\n`);
	const how = await new Promise<'signal' | 'fatal'>((resolve) => {
		for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve('signal'));
		void coordinator.failed.then(() => resolve('fatal'));
	});
	// After an I/O error nothing may be promised any more, not even an orderly end.
	if (how === 'fatal') process.exit(EXIT.fatal);
	setTimeout(() => process.exit(EXIT.failure), STOP_WITHIN_MS).unref();
	await coordinator[Symbol.asyncDispose]();
};
