import { lstatSync, readlinkSync } from 'node:fs';
import { dirname } from 'node:path';

/** What programs commonly need of /etc and is no secret. */
const ETC = [
	'alternatives',
	'fonts',
	'ImageMagick-6',
	'ld.so.cache',
	'ld.so.conf',
	'ld.so.conf.d',
	'localtime',
	'magic',
	'mime.types',
	'ssl/certs',
	'ssl/openssl.cnf',
];
const SYSTEM = ['/bin', '/lib', '/lib32', '/lib64', '/libx32', '/sbin'];
const TMP_BYTES = 64 * 1024 * 1024;

/** System folders read-only: links as links, so that it looks as it does outside. */
const systemBinds = (): string[] => {
	const args = ['--ro-bind', '/usr', '/usr'];
	for (const path of SYSTEM) {
		const facts = lstatSync(path, { throwIfNoEntry: false });
		if (facts?.isSymbolicLink()) args.push('--symlink', readlinkSync(path), path);
		else if (facts) args.push('--ro-bind', path, path);
	}
	for (const name of ETC) args.push('--ro-bind-try', `/etc/${name}`, `/etc/${name}`);
	return args;
};

/**
 * The folders above what is mounted, open to look through: bubblewrap would make them for the account alone that builds
 * up the sandbox, and the program runs under another one.
 */
const foldersAbove = (paths: readonly string[]): string[] => {
	const above = new Set<string>();
	for (const path of paths) {
		for (let folder = dirname(path); folder !== '/'; folder = dirname(folder)) above.add(folder);
	}
	const isThere = (folder: string) =>
		folder === '/tmp' || ['/usr', ...SYSTEM].some((top) => `${folder}/`.startsWith(`${top}/`));
	return [...above]
		.sort()
		.filter((folder) => !isThere(folder))
		.flatMap((folder) => ['--perms', '0755', '--dir', folder]);
};

export interface Confinement {
	/** Folders and files to see, read-only. */
	readOnly: readonly { from: string; to: string }[];
	/** The one folder to write in. */
	writable: string;
	/** Environment inside; nothing else is there. */
	env: Readonly<Record<string, string>>;
	cwd: string;
}

/**
 * bubblewrap's arguments up to the program's own: no network, own processes, cleared environment, system folders
 * read-only. With `ownUsers` false the caller has root's rights and keeps them until `setpriv` gives them up.
 */
export const bubblewrapArgs = (confinement: Confinement, ownUsers: boolean): string[] => [
	...(ownUsers
		? ['--unshare-all', '--unshare-user', '--disable-userns', '--cap-drop', 'ALL']
		: ['--unshare-pid', '--unshare-net', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try']),
	...['--die-with-parent', '--new-session', '--clearenv', '--hostname', 'sandbox'],
	...systemBinds(),
	...['--proc', '/proc', '--dev', '/dev', '--size', String(TMP_BYTES), '--perms', '1777', '--tmpfs', '/tmp'],
	...foldersAbove([confinement.writable, ...confinement.readOnly.map(({ to }) => to)]),
	...['--bind', confinement.writable, confinement.writable],
	...confinement.readOnly.flatMap(({ from, to }) => ['--ro-bind', from, to]),
	...Object.entries(confinement.env).flatMap(([name, value]) => ['--setenv', name, value]),
	...['--chdir', confinement.cwd],
];
