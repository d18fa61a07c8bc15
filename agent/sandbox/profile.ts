import type { SandboxLevel } from '../../shared/protocol/task-type.ts';
import { bubblewrapArgs, type Confinement } from './bubblewrap.ts';

/**
 * How commands are confined on this machine.
 * `rootless`: bubblewrap with its own users. `rooted`: the agent is root, so bubblewrap is built up as root, rights are
 * given up for an account nobody has, and a second bubblewrap forbids new namespaces. `prlimit`: resource limits alone.
 * `bare`: nothing.
 */
export interface SandboxProfile {
	kind: 'rootless' | 'rooted' | 'prlimit' | 'bare';
	level: SandboxLevel;
	/** Programs by name, as found on PATH. */
	programs: Readonly<Record<string, string>>;
}

/** Accounts that no system gives out; each attempt gets one of a thousand. */
const FIRST_USER = 61_200_000;
export const userFor = (run: number): number => FIRST_USER + (run % 1000);

export interface Limits {
	/** Largest file in bytes. */
	fileBytes: number;
	processes: number;
}

const limitArgs = (prlimit: string, { fileBytes, processes }: Limits): string[] => [
	prlimit,
	...[`--nproc=${processes}`, `--fsize=${fileBytes}`, '--nofile=1024', '--core=0', '--'],
];

/** The whole argv that runs `command` confined as the profile says. */
export const confinedArgv = (
	profile: SandboxProfile,
	command: readonly string[],
	options: { confinement: Confinement; limits: Limits; user: number },
): string[] => {
	const { bwrap = '', prlimit = '', setpriv = '' } = profile.programs;
	const { confinement, limits, user } = options;
	const limited = [...(prlimit === '' ? [] : limitArgs(prlimit, limits)), ...command];
	switch (profile.kind) {
		case 'bare':
			return [...command];
		case 'prlimit':
			return limited;
		case 'rootless':
			return [bwrap, ...bubblewrapArgs(confinement, true), '--', ...limited];
		case 'rooted':
			return [
				...[bwrap, ...bubblewrapArgs(confinement, false), '--'],
				...[setpriv, '--reuid', String(user), '--regid', String(user), '--clear-groups'],
				...['--no-new-privs', '--inh-caps=-all', '--bounding-set=-all', '--'],
				...[bwrap, '--unshare-user', '--disable-userns', '--cap-drop', 'ALL', '--die-with-parent'],
				...['--dev-bind', '/', '/', '--chdir', confinement.cwd, '--', ...limited],
			];
	}
};
