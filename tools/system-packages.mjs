import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './run-command.mjs';

const onPath = (name) => (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, name)));

/** What tests use from the system: program -> its Debian package. */
const PROGRAMS = {
	chromium: 'chromium',
	bwrap: 'bubblewrap',
	file: 'file',
	strace: 'strace',
	faketime: 'faketime',
	openssl: 'openssl',
	litmus: 'litmus',
	rclone: 'rclone',
	cadaver: 'cadaver',
	curl: 'curl',
	'mount.davfs': 'davfs2',
	fusermount3: 'fuse3',
	// Only its programs: the package apache2 would start a server.
	apache2: 'apache2-bin',
	nginx: 'nginx-light',
	promtool: 'prometheus',
};

/** Packages that start a server when they are installed, unless the system says that nothing is to be started. */
const STARTS_A_SERVER = new Set(['nginx', 'promtool']);
const mayInstall = (program) => !STARTS_A_SERVER.has(program) || existsSync('/usr/sbin/policy-rc.d');

/** The browser for browser tests: `MILLRACE_CHROMIUM`, or Debian's; null when there is none. */
export const chromiumPath = () => {
	const path = process.env.MILLRACE_CHROMIUM ?? '/usr/bin/chromium';
	return existsSync(path) ? path : null;
};

const isThere = (program) => (program === 'chromium' ? chromiumPath() !== null : onPath(program));

/**
 * Installs what is missing by apt-get, where we are root and there is one. Whatever is still missing afterwards is
 * returned; tests that need it say so themselves.
 */
export const ensureSystemPackages = async () => {
	const missing = () => Object.keys(PROGRAMS).filter((program) => !isThere(program));
	const wanted = missing().filter(mayInstall);
	if (wanted.length > 0 && process.getuid?.() === 0 && onPath('apt-get')) {
		const packages = wanted.map((program) => PROGRAMS[program]);
		console.log(`Installing Debian packages for the tests: ${packages.join(' ')} …`);
		const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
		const quiet = { env, stdio: ['ignore', 'ignore', 'inherit'] };
		await run('apt-get', ['update', '-qq'], quiet);
		await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], quiet);
	}
	return missing();
};
