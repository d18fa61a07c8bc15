import type { Command } from 'commander';
import { readMe } from '../../../shared/client/session.ts';
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
			context.out.line(`${counted(me.storage.files, 'file')}, ${bytesInWords(me.storage.usedBytes)}`);
			if (me.scopes !== null) context.out.line(`This token may: ${me.scopes.join(', ')}`);
		});
