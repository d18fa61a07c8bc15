import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { CliError, usageError } from '../failure.ts';
import { ask } from './ask.ts';

/** Asks a person whether to go on; elsewhere than at a terminal `--yes` must have said so. */
export const confirm = async (context: Context, question: string, isSure: boolean): Promise<void> => {
	if (isSure) return;
	if (context.stdin.isTTY !== true) throw usageError(`${question} Nobody can be asked here: say so with --yes.`);
	const answer = await ask(`${question} [y/N] `, context);
	if (!/^y(es)?$/i.test(answer.trim())) throw new CliError(EXIT.failed, 'Nothing was changed.');
};
