import { Command } from 'commander';
import { agentConfig, type StartOptions } from '../config/agent-config.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { addStartOptions } from './start-options.ts';

/** `agent start`: joins if need be, then works until told to stop. */
export const startCommand = (): Command =>
	addStartOptions(new Command('start'))
		.description('join the coordinator and work until stopped')
		.addHelpText(
			'after',
			`
Examples:
  agent start --coordinator http://coordinator:8080 --token mnt_…
  agent start --coordinator https://farm.example --token mnt_… --queues hardware --concurrency 1 --hardware capture-card=1

The first SIGTERM or Ctrl-C drains: no new work, what runs is finished. A second one ends at once:
what runs is killed and given back, and runs elsewhere.
${EXIT_CODES}`,
		)
		.action(async (options: StartOptions) => {
			const config = agentConfig(options);
			// Help, refused options and the other commands need nothing of what an agent is made of.
			const { runAgent } = await import('./run-agent.ts');
			await runAgent(config);
		});
