import type { Command } from 'commander';
import type { HttpClient } from '../../../shared/client/http-client.ts';
import { readOwnPolicy } from '../../../shared/client/service-classes.ts';
import { readMe } from '../../../shared/client/session.ts';
import { CodedError } from '../../../shared/coded-error.ts';
import type { Me } from '../../../shared/protocol/account.ts';
import { type Context, serverCommand } from '../context.ts';
import type { ServerChoice } from '../settings/connection.ts';
import { bytesInWords, counted } from '../terminal/words.ts';

/** `millrace whoami`: who the server takes this token for. */
export const whoamiCommand = (context: Context): Command =>
	serverCommand('whoami')
		.description('show who you are signed in as')
		.option('--json', 'as JSON')
		.action(async (options: ServerChoice & { json?: boolean }) => {
			const http = await context.connect(options);
			const me = await readMe(http, { signal: context.signal });
			if (options.json) {
				context.out.json(me);
				return;
			}
			context.out.line(`${me.username} (${me.role}) at ${http.baseUrl}`);
			const policy = await ownPolicy(http, context.signal);
			if (policy !== null) context.out.line(`Service class: ${policy.serviceClass}, ${policy.because}`);
			for (const line of storageLines(me.storage)) context.out.line(line);
			if (me.scopes !== null) context.out.line(`This token may: ${me.scopes.join(', ')}`);
		});

/** Null: an older server, or a token that may not ask. */
const ownPolicy = async (http: HttpClient, signal: AbortSignal) => {
	try {
		return await readOwnPolicy(http, { signal });
	} catch (error) {
		if (error instanceof CodedError && ['not-found', 'insufficient-scope'].includes(error.code)) return null;
		throw error;
	}
};

/** What the files take, of what they may take if there is a limit. */
export const storageLines = ({ files, usedBytes, quotaFiles, quotaBytes, nearlyFull }: Me['storage']): string[] => {
	const count = quotaFiles === null ? counted(files, 'file') : `${files} of ${counted(quotaFiles, 'file')}`;
	const size = bytesInWords(usedBytes);
	const line = `${count}, ${quotaBytes === null ? size : `${size} of ${bytesInWords(quotaBytes)}`}`;
	return nearlyFull ? [line, 'Your storage is nearly full: older versions and the trash count too.'] : [line];
};
