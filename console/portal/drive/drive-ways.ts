import { isLoopbackName } from '../../../shared/loopback-name.ts';
import { quoteForShell } from '../../kit/quote-for-shell.ts';

/** What one does: words, or something to copy, named by `what`. */
export type Step = string | { code: string; what: string };

/** A program that opens the drive, and how. */
export interface Way {
	id: 'windows' | 'macos' | 'gnome' | 'davfs2' | 'rclone' | 'curl';
	label: string;
	steps: Step[];
}

export interface Drive {
	/** `https://mill.example/dav/files/` */
	url: string;
	username: string;
	/** Null: none was made yet. */
	password: string | null;
}

/** The same address in the words of GNOME and KDE, with the name in it. */
const desktopAddress = ({ url, username }: Drive, scheme: 'dav' | 'webdav'): string =>
	url
		.replace(/^https:/, `${scheme}s:`)
		.replace(/^http:/, `${scheme}:`)
		.replace('://', `://${encodeURIComponent(username)}@`);

const WEB_CLIENT = String.raw`HKLM\SYSTEM\CurrentControlSet\Services\WebClient\Parameters`;

/** Only rclone has to be told the password; the others ask for it. */
export const waysOf = (drive: Drive): Way[] => {
	const url = quoteForShell(drive.url);
	const user = quoteForShell(drive.username);
	const password = quoteForShell(drive.password ?? 'APP-PASSWORD');
	return [
		{
			id: 'windows',
			label: 'Windows',
			steps: [
				'In Explorer, right-click “This PC” and choose “Map network drive”. Give the address as the folder, tick “Connect using different credentials”, then give the user name and the app password.',
				'Or in a terminal, which asks for the app password:',
				{ code: `net use * ${drive.url} /user:${drive.username} *`, what: 'the command for Windows' },
				drive.url.startsWith('http:')
					? `This address begins with http://, to which Windows gives no password. Ask for an https:// address; or, for the machine itself, set BasicAuthLevel to 2 in ${WEB_CLIENT} and start the service WebClient again.`
					: 'Windows takes the address only if it trusts the server’s certificate.',
				`It takes no file over 50 MB until FileSizeLimitInBytes (at most 4 GB) is raised in ${WEB_CLIENT} and the service WebClient started again.`,
			],
		},
		{
			id: 'macos',
			label: 'macOS',
			steps: [
				'In the Finder, choose Go, then “Connect to Server” (⌘K). Give the address, then as a registered user the user name and the app password.',
				'Or in Terminal, which asks for both:',
				{ code: `mkdir -p ~/millrace && mount_webdav -i ${url} ~/millrace`, what: 'the command for macOS' },
			],
		},
		{
			id: 'gnome',
			label: 'GNOME, KDE',
			steps: [
				'In GNOME’s Files, choose “Other Locations” or “Network”, and give this as the server’s address:',
				{ code: desktopAddress(drive, 'dav'), what: 'the address for GNOME' },
				'In KDE’s Dolphin, press Ctrl+L and give this:',
				{ code: desktopAddress(drive, 'webdav'), what: 'the address for KDE' },
				'Both ask for the app password.',
			],
		},
		{
			id: 'davfs2',
			label: 'davfs2',
			steps: [
				'On Linux, as a folder for every program. The second command asks for the user name and the app password:',
				{ code: 'sudo apt install davfs2', what: 'the command that installs davfs2' },
				{
					code: `sudo mkdir -p /mnt/millrace && sudo mount -t davfs -o uid=$(id -u) ${url} /mnt/millrace`,
					what: 'the command that mounts by davfs2',
				},
				'What is written is sent some seconds after it is closed; “sudo umount /mnt/millrace” waits until all is sent. If “ls” says “Invalid argument”, write “buf_size 64” into /etc/davfs2/davfs2.conf and mount again.',
			],
		},
		{
			id: 'rclone',
			label: 'rclone',
			steps: [
				drive.password === null
					? 'Once, with the app password in it:'
					: 'Once. The app password is in it, so your shell may keep it in its history:',
				{
					code: `rclone config create millrace webdav url=${url} vendor=other user=${user} pass="$(echo ${password} | rclone obscure -)" --no-obscure`,
					what: 'the command that sets up rclone',
				},
				'Then copy, or open it as a folder:',
				{ code: 'rclone copy photos millrace:photos', what: 'the command that copies' },
				{
					code: 'mkdir -p ~/millrace && rclone mount millrace: ~/millrace --vfs-cache-mode writes --dir-cache-time 5s',
					what: 'the command that mounts by rclone',
				},
			],
		},
		{
			id: 'curl',
			label: 'curl',
			steps: [
				'To send a file, and to list what is there; both ask for the app password:',
				{ code: `curl -u ${user} -T photo.jpg ${url}`, what: 'the command that sends a file' },
				{ code: `curl -u ${user} -X PROPFIND -H 'Depth: 1' ${url}`, what: 'the command that lists' },
			],
		},
	];
};

/** The name, with a number if it is taken. */
export const freeName = (wanted: string, taken: readonly string[]): string => {
	const known = new Set(taken.map((name) => name.toLowerCase()));
	let name = wanted;
	for (let number = 2; known.has(name.toLowerCase()); number++) name = `${wanted} ${number}`;
	return name;
};

/** What one sees first, by the system that the browser names. */
export const usualWay = (system: string | undefined): Way['id'] => {
	if (system === 'Windows') return 'windows';
	if (system === 'macOS' || system === 'iOS') return 'macos';
	return system === 'Linux' ? 'gnome' : 'rclone';
};

/** Whether others on the way can read what goes to this address. */
export const isOpenLine = ({ protocol, hostname }: Pick<URL, 'protocol' | 'hostname'>): boolean =>
	protocol === 'http:' && !isLoopbackName(hostname);
