import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { type Drive, freeName, isOpenLine, usualWay, waysOf } from './drive-ways.ts';

const DRIVE: Drive = {
	url: 'https://mill.example:8443/dav/files/',
	username: 'ada@home',
	password: '0abcd-efghj-kmnpq-rstvw-xyz01',
};
const codes = (drive: Drive, id: string): string[] =>
	waysOf(drive)
		.filter((way) => way.id === id)
		.flatMap(({ steps }) => steps.flatMap((step) => (typeof step === 'string' ? [] : [step.code])));

describe('the ways to open the drive', () => {
	it('turn the address into the words of each desktop, with the name in it', () => {
		expect(codes(DRIVE, 'gnome')).toEqual([
			'davs://ada%40home@mill.example:8443/dav/files/',
			'webdavs://ada%40home@mill.example:8443/dav/files/',
		]);
		expect(codes({ ...DRIVE, url: 'http://localhost/dav/files/' }, 'gnome')[0]).toMatch(
			/^dav:\/\/ada%40home@localhost/,
		);
	});

	it('say what Windows needs for an address that is not encrypted', () => {
		const words = (url: string) => JSON.stringify(waysOf({ ...DRIVE, url }).find(({ id }) => id === 'windows')?.steps);
		expect(words('http://localhost:8080/dav/files/')).toContain('BasicAuthLevel');
		expect(words(DRIVE.url)).not.toContain('BasicAuthLevel');
	});

	it('hold the password where the program cannot ask for it, and there only', () => {
		const holding = waysOf(DRIVE).filter(({ steps }) => JSON.stringify(steps).includes('0abcd'));
		expect(holding.map(({ id }) => id)).toEqual(['rclone']);
		expect(codes({ ...DRIVE, password: null }, 'rclone')[0]).toContain('echo APP-PASSWORD |');
	});

	it('are commands that a shell reads as they are meant', () => {
		const odd = { ...DRIVE, username: 'Zoë' };
		for (const id of ['macos', 'davfs2', 'rclone', 'curl']) {
			for (const code of codes(odd, id)) execFileSync('sh', ['-n', '-c', code]);
		}
		const [create = ''] = codes(odd, 'rclone');
		const words =
			'rclone() { if [ "$1" = obscure ]; then read -r line; echo "[$line]"; else printf "%s\\n" "$@"; fi; };';
		expect(
			execFileSync('sh', ['-c', `${words} ${create}`], { encoding: 'utf8' })
				.trim()
				.split('\n'),
		).toEqual([
			...['config', 'create', 'millrace', 'webdav', `url=${DRIVE.url}`, 'vendor=other', 'user=Zoë'],
			...[`pass=[${DRIVE.password}]`, '--no-obscure'],
		]);
	});

	it.each([
		['Windows', 'windows'],
		['macOS', 'macos'],
		['Linux', 'gnome'],
		['Android', 'rclone'],
		[undefined, 'rclone'],
	])('begin on %s with %s', (system, id) => {
		expect(usualWay(system)).toBe(id);
	});
});

it.each([
	['http://mill.example/', true],
	['http://192.168.0.7:8080/', true],
	['https://mill.example/', false],
	['http://localhost:8080/', false],
	['http://127.0.0.1/', false],
	['http://[::1]:8080/', false],
])('the line to %s is open: %s', (url, isOpen) => {
	expect(isOpenLine(new URL(url))).toBe(isOpen);
});

it('a name is numbered when there is one of it', () => {
	expect(freeName('Drive on Linux', [])).toBe('Drive on Linux');
	expect(freeName('Drive on Linux', ['drive on linux', 'Drive on Linux 2', 'tv'])).toBe('Drive on Linux 3');
});
