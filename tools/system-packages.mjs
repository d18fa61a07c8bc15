import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './run-command.mjs';

const onPath = (name) => (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, name)));

/** What tests use from the system: program -> its Debian package. */
const PROGRAMS = {
	// Chromium without windows: the same work in less than half of the processor's time.
	'chromium-headless-shell': 'chromium-headless-shell',
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

/** Any of them does; test/browser/portal.ts takes the first that is there. */
const SHELL = 'chromium-headless-shell';
const BROWSERS = [SHELL, 'chromium'];
const { MILLRACE_CHROMIUM: chosen } = process.env;
const hasBrowser = () => (chosen ? existsSync(chosen) : BROWSERS.some((name) => existsSync(`/usr/bin/${name}`)));
const isMissing = (program) => (program === SHELL ? !hasBrowser() : !onPath(program));

const apt = (args) =>
	run('apt-get', args, {
		env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
		stdio: ['ignore', 'ignore', 'inherit'],
	});
const install = (packages) => apt(['install', '-y', '-qq', '--no-install-recommends', ...packages]);

/**
 * Installs what is missing by apt-get, where we are root and there is one. Whatever is still missing afterwards is
 * returned; tests that need it say so themselves.
 */
export const ensureSystemPackages = async () => {
	const missing = () => Object.keys(PROGRAMS).filter(isMissing);
	// Where there is another Chromium the one without windows is worth having all the same.
	const lacksShell = !chosen && !existsSync(`/usr/bin/${SHELL}`);
	const wanted = new Set([...missing().filter(mayInstall), ...(lacksShell ? [SHELL] : [])]);
	if (wanted.size > 0 && process.getuid?.() === 0 && onPath('apt-get')) {
		const packages = [...wanted].map((program) => PROGRAMS[program]);
		console.log(`Installing Debian packages for the tests: ${packages.join(' ')} …`);
		await apt(['update', '-qq']);
		// By itself: where Debian is too old to know it, that keeps none of the others away.
		const others = packages.filter((name) => name !== SHELL);
		if (others.length > 0) await install(others);
		if (lacksShell) await install([SHELL]);
		if (!hasBrowser() && !chosen) await install(['chromium']);
	}
	return missing();
};
