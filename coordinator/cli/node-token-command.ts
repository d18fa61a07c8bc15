import { Command } from 'commander';
import { NodeTokens } from '../agents/node-tokens.ts';
import { BadSetting, coordinatorConfig } from '../config/coordinator-config.ts';
import { explaining } from './explaining.ts';
import { openLedger } from './open-ledger.ts';

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds from a text such as `90s`, `30m`, `12h`. */
const duration = (text: string): number => {
	const match = /^(\d+)\s*([smhd])$/.exec(text);
	const ms = match ? Number(match[1]) * (UNITS[match[2] as string] as number) : 0;
	if (ms <= 0) throw new BadSetting(`--expires ${text}: must be a time such as 30m or 12h.`);
	return ms;
};

interface CreateOptions {
	data?: string;
	queues?: string;
	uses: string;
	expires: string;
	json?: boolean;
}

/** `coordinator node-token create`: works on the data folder, whether the coordinator runs or not. */
export const nodeTokenCommand = (): Command =>
	new Command('node-token').description('tokens by which machines join').addCommand(
		new Command('create')
			.description('make a token; it is shown once')
			.option('--data <DIR>', 'the coordinator’s data folder (default: data)')
			.option('--queues <NAMES>', 'queues that nodes joining by it may serve, by commas (default: any)')
			.option('--uses <N>', 'how many nodes may join by it', '1')
			.option('--expires <TIME>', 'how long it can be used, such as 30m, 12h', '1h')
			.option('--json', 'print {"id", "token", "expiresAt"}')
			.action(async (options: CreateOptions) => {
				const { data } = coordinatorConfig(options.data === undefined ? {} : { data: options.data });
				const uses = Number(options.uses);
				if (!Number.isInteger(uses) || uses < 1)
					throw new BadSetting(`--uses ${options.uses}: must be a whole number.`);
				const wish = {
					queues: options.queues?.split(',').filter(Boolean),
					uses,
					expiresInMs: duration(options.expires),
				};
				const made = await explaining(data, async () => {
					await using ledger = openLedger(data);
					return await new NodeTokens({ ledger }).create(wish, { actor: 'system', address: '' });
				});
				if (options.json) process.stdout.write(`${JSON.stringify(made)}\n`);
				else {
					process.stdout.write(
						`${made.token}\n\nOn the new machine:\n  agent start --coordinator http://THIS-HOST:8080 --token ${made.token}\n`,
					);
				}
			}),
	);
