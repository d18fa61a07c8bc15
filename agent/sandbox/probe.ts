import { execFile } from 'node:child_process';
import { chown, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from './find-program.ts';
import { confinedArgv, type SandboxProfile, userFor } from './profile.ts';

const run = promisify(execFile);
const PROBE_TIMEOUT_MS = 10_000;

const found = (names: readonly string[]): Record<string, string> | null => {
	const programs: Record<string, string> = {};
	for (const name of names) {
		const path = findProgram(name);
		if (path === null) return null;
		programs[name] = path;
	}
	return programs;
};

/** Best first. Whether one works is tried, not guessed: kernels and containers forbid this and that. */
const candidates = (): SandboxProfile[] => {
	const profiles: SandboxProfile[] = [];
	const rooted = process.getuid?.() === 0 ? found(['bwrap', 'setpriv', 'prlimit']) : null;
	if (rooted) profiles.push({ kind: 'rooted', level: 'strong', programs: rooted });
	const rootless = found(['bwrap', 'prlimit']);
	if (rootless) profiles.push({ kind: 'rootless', level: 'strong', programs: rootless });
	const limits = found(['prlimit']);
	if (limits) profiles.push({ kind: 'prlimit', level: 'limits', programs: limits });
	return profiles;
};

/** Tries it as attempts do: a folder of ours to work in, and to write in, under the account that the program gets. */
const works = async (profile: SandboxProfile): Promise<boolean> => {
	const folder = await mkdtemp(join(tmpdir(), 'millrace-probe-'));
	const user = userFor(0);
	try {
		if (profile.kind === 'rooted') await chown(folder, user, user);
		const [program = '', ...args] = confinedArgv(profile, ['sh', '-c', 'echo works > written'], {
			confinement: { readOnly: [], writable: folder, env: { PATH: '/usr/bin:/bin' }, cwd: folder },
			limits: { fileBytes: 1024, processes: 512 },
			user,
		});
		await run(program, args, { timeout: PROBE_TIMEOUT_MS, env: {}, cwd: folder });
		return (await readFile(join(folder, 'written'), 'utf8')) === 'works\n';
	} catch {
		// This way of confining does not work here; the next one may.
		return false;
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
};

/** The strongest way to confine commands that works on this machine; `none` asks for none. */
export const probeSandbox = async (mode: 'auto' | 'none'): Promise<SandboxProfile> => {
	if (mode === 'auto' && process.platform === 'linux') {
		for (const profile of candidates()) if (await works(profile)) return profile;
	}
	return { kind: 'bare', level: 'none', programs: {} };
};
