import type { Command } from 'commander';
import { readMe } from '../../../shared/client/session.ts';
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
			for (const line of storageLines(me.storage)) context.out.line(line);
			if (me.scopes !== null) context.out.line(`This token may: ${me.scopes.join(', ')}`);
		});

/** What the files take, of what they may take if there is a limit. */
export const storageLines = ({ files, usedBytes, quotaFiles, quotaBytes, nearlyFull }: Me['storage']): string[] => {
	const count = quotaFiles === null ? counted(files, 'file') : `${files} of ${counted(quotaFiles, 'file')}`;
	const size = bytesInWords(usedBytes);
	const line = `${count}, ${quotaBytes === null ? size : `${size} of ${bytesInWords(quotaBytes)}`}`;
	return nearlyFull ? [line, 'Your storage is nearly full: older versions and the trash count too.'] : [line];
};
