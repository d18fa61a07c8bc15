import { parseArgs } from 'node:util';

export const USAGE = `Usage: npm run up -- [options]

Installs and builds what is missing, starts a coordinator and one agent on this machine, and stops both on Ctrl-C.

  --host <ADDRESS>   address to listen on (MILLRACE_HOST; default: 127.0.0.1, this machine only)
  --port <PORT>      port to listen on (MILLRACE_PORT; default: 8080)
  --data <DIR>       folder for everything that is kept (MILLRACE_DATA; default: data)
  --backup-to <DIR>  folder for backups, at best on another disk: made each day by itself, and in the console under
                     Settings, Backups (MILLRACE_BACKUP_TO; default: none are made)

Each other option of the coordinator and the agent is given by its variable, which their --help tells: MILLRACE_BACKUP_EVERY=12h npm run up
MILLRACE_VERBOSE=1 shows the log of both.`;

export class WrongUsage extends Error {}

/** What was asked for. Throws `WrongUsage` with what to say. */
export const readUpOptions = (args, env) => {
	try {
		const { values } = parseArgs({
			args,
			options: {
				help: { type: 'boolean', short: 'h', default: false },
				host: { type: 'string', default: env.MILLRACE_HOST ?? '127.0.0.1' },
				port: { type: 'string', default: env.MILLRACE_PORT ?? '8080' },
				data: { type: 'string', default: env.MILLRACE_DATA ?? 'data' },
				// Without it the coordinator looks at the variable itself.
				'backup-to': { type: 'string' },
			},
		});
		if (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65_535) {
			throw new WrongUsage(`--port ${values.port}: must be a number from 0 to 65535.`);
		}
		return values;
	} catch (error) {
		if (!error.code?.startsWith('ERR_PARSE_ARGS')) throw error;
		throw new WrongUsage(`${error.message}\n\n${USAGE}`);
	}
};

/** How the coordinator is started for it. */
export const coordinatorArgs = ({ host, port, data, 'backup-to': backupTo }) => [
	...['--host', host, '--port', port, '--data', data],
	...(backupTo === undefined ? [] : ['--backup-to', backupTo]),
];
