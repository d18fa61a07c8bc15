import { Command } from 'commander';
import { parseDuration } from '../../shared/duration.ts';
import { NodeTokens } from '../agents/node-tokens.ts';
import { BadSetting, type CoordinatorConfig, coordinatorConfig } from '../config/coordinator-config.ts';
import { type OwnAddress, readOwnAddress } from '../config/own-address.ts';
import { explaining } from './explaining.ts';
import { joinHint } from './join-hint.ts';
import { openLedger } from './open-ledger.ts';

const duration = (text: string): number => {
	const ms = parseDuration(text);
	if (ms === null || ms === 0) throw new BadSetting(`--expires ${text}: must be a time such as 30m or 12h.`);
	return ms;
};

/** As it was started, if it was; otherwise as the settings known here would start it. */
const addressOf = ({ data, tls, host, port, publicUrl }: CoordinatorConfig): OwnAddress =>
	readOwnAddress(data) ?? { scheme: tls ? 'https' : 'http', host, port, publicUrl: publicUrl ?? null };

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
				const config = coordinatorConfig(options.data === undefined ? {} : { data: options.data });
				const { data } = config;
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
					const hint = joinHint({ ...made, uses }, addressOf(config), { entry: process.argv[1] ?? '' });
					process.stdout.write(`${made.token}\n\n${hint}\n`);
				}
			}),
	);
