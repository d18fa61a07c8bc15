import type { Command } from 'commander';
import { UnreachableError } from '../../../shared/client/client-errors.ts';
import { readHealth } from '../../../shared/client/health.ts';
import { CodedError } from '../../../shared/coded-error.ts';
import type { CheckState, HealthCheck } from '../../../shared/protocol/health.ts';
import { type Context, serverCommand } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { CliError } from '../failure.ts';
import type { ServerChoice } from '../settings/connection.ts';
import type { Style } from '../terminal/output.ts';
import { counted, localTime } from '../terminal/words.ts';

interface Options extends ServerChoice {
	json?: boolean;
	all?: boolean;
}

const SIGNS: Record<CheckState, { text: string; style: Style }> = {
	ok: { text: '✔ well ', style: 'green' },
	off: { text: '- off  ', style: 'dim' },
	warn: { text: '! warns', style: 'yellow' },
	fail: { text: '✘ fails', style: 'red' },
};

const tell = (context: Context, { name, state, what, do: todo, since }: HealthCheck): void => {
	context.out.parts(SIGNS[state], `  ${name}: ${what}`);
	if (todo === null || state === 'ok') return;
	context.out.line(`           ${state === 'off' ? '' : `Since ${localTime(since)}. `}${todo}`);
};

/** It is down, or out of reach: that is what there is to find. */
const down = (context: Context, url: string, error: UnreachableError, json: boolean): CliError => {
	const todo =
		'On its machine: does it run (systemctl status millrace, or npm run up), what does the end of its log say, has its disk room (df)? From here: is the address right, and does a firewall let you through?';
	const check = { name: 'coordinator', state: 'fail', what: error.message, do: todo };
	if (json) context.out.json({ state: 'fail', at: new Date().toISOString(), version: null, checks: [check] });
	else {
		context.out.parts(SIGNS.fail, `  coordinator: ${error.message}`);
		context.out.line(`           ${todo}`);
	}
	return new CliError(EXIT.unreachable, `The coordinator at ${url} cannot be reached.`, { cause: error });
};

const run = async (context: Context, options: Options): Promise<void> => {
	const json = options.json === true;
	const http = await context.connect(options);
	try {
		const health = await readHealth(http, { signal: context.signal });
		if (json) context.out.json(health);
		else {
			for (const check of health.checks) {
				if (options.all || check.state === 'warn' || check.state === 'fail') tell(context, check);
			}
			const named = (state: CheckState) =>
				health.checks.filter((check) => check.state === state).map(({ name }) => name);
			const [off, well] = [named('off'), named('ok').length];
			const more =
				off.length === 0 ? '' : `, ${off.length} ${off.length === 1 ? 'is' : 'are'} not set up (${off.join(', ')})`;
			context.out.line(`${counted(well, 'check is', 'checks are')} well${more}${options.all ? '.' : ': --all'}`);
		}
		if (health.state === 'fail') throw new CliError(EXIT.failed, 'Something is wrong: see what fails above.');
	} catch (error) {
		if (error instanceof UnreachableError) throw down(context, http.baseUrl, error, json);
		if (!(error instanceof CodedError) || error.code !== 'forbidden') throw error;
		throw new CodedError('forbidden', 'Only operators and administrators see how the coordinator is.', {
			cause: error,
		});
	}
};

/** `millrace doctor`: what is wrong and what to do, also when nothing answers. */
export const doctorCommand = (context: Context): Command =>
	serverCommand('doctor')
		.description('check disk, nodes, queues, schedules, backups…, and say what to do (operators and administrators)')
		.option('--all', 'with the checks that are well, and those that are not set up')
		.option('--json', 'as JSON')
		.addHelpText(
			'after',
			`
Exit codes: 0 well, or warnings only; 1 something fails; 5 the coordinator cannot be reached.

Examples:
  millrace doctor
  millrace doctor --all
  millrace doctor --json | jq '.checks[] | select(.state != "ok")'

Your token needs the scope admin: millrace login --admin`,
		)
		.action((options: Options) => run(context, options));
