import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { readDiagnosis } from '../../../../shared/client/health.ts';
import { type Context, serverCommand } from '../../context.ts';
import { saveBody } from '../../download/save-body.ts';
import { usageError } from '../../failure.ts';
import type { ServerChoice } from '../../settings/connection.ts';

interface Options extends ServerChoice {
	out: string;
	json?: boolean;
}

/** `millrace admin diagnose`: what whoever helps has to know, and nothing of the people who use it. */
export const diagnoseCommand = (context: Context): Command =>
	serverCommand('diagnose')
		.description(
			'save a zip that tells how the coordinator is, without secrets, names, addresses or paths (administrators)',
		)
		.option('--out <FILE>', 'where to', 'millrace-diagnosis.zip')
		.option('--json', 'as JSON')
		.addHelpText(
			'after',
			`
README.txt in it tells what is in it. When nothing answers, on the coordinator’s machine: coordinator diagnose

Example:
  millrace admin diagnose --out monday.zip`,
		)
		.action(async ({ out: path, json, ...server }: Options) => {
			if (existsSync(path)) throw usageError(`${path} is there already; choose another name with --out.`);
			const answer = await readDiagnosis(await context.connect(server), { signal: context.signal });
			await saveBody(answer, path, context.signal);
			if (json) context.out.json({ path });
			else context.out.line(`${path} tells how the coordinator is; README.txt in it says what is in there.`);
		});
