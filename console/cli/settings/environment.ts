import { homedir } from 'node:os';
import { join } from 'node:path';

/** What the command line takes from the environment. Read here and nowhere else. */
export interface Environment {
	url: string | undefined;
	token: string | undefined;
	password: string | undefined;
	insecureHttp: boolean;
	/** Holds the account file. */
	configFolder: string;
	/** Holds what unfinished uploads need to go on. */
	stateFolder: string;
	noColor: boolean;
}

const textOf = (value: string | undefined): string | undefined => (value === '' ? undefined : value);

/** The XDG base directory rules: a relative path counts as not set. */
const baseFolder = (value: string | undefined, otherwise: string): string =>
	value?.startsWith('/') || /^[A-Za-z]:[\\/]/.test(value ?? '') ? (value as string) : join(homedir(), otherwise);

export const readEnvironment = (variables: NodeJS.ProcessEnv): Environment => ({
	url: textOf(variables.MILLRACE_URL),
	token: textOf(variables.MILLRACE_TOKEN),
	password: textOf(variables.MILLRACE_PASSWORD),
	insecureHttp: ['1', 'true', 'yes'].includes(variables.MILLRACE_INSECURE_HTTP ?? ''),
	configFolder: join(baseFolder(variables.XDG_CONFIG_HOME, '.config'), 'millrace'),
	stateFolder: join(baseFolder(variables.XDG_STATE_HOME, join('.local', 'state')), 'millrace'),
	noColor: textOf(variables.NO_COLOR) !== undefined || variables.TERM === 'dumb',
});
