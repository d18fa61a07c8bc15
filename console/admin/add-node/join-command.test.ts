import { expect, test } from 'vitest';
import { addressIn, cloudInit, isHereOnly, joinCommand, leftInWords } from './join-command.ts';

const WISH = { address: 'https://mill.example', token: 'mnt_secret', queues: [], concurrency: null };
const FULL = { ...WISH, queues: ['normal', 'hardware'], concurrency: 4 };

test('a command says what was chosen and leaves the rest to the agent, with the token in no argument', () => {
	expect(joinCommand(WISH)).toBe('MILLRACE_TOKEN=mnt_secret agent start --coordinator https://mill.example');
	expect(joinCommand(FULL)).toBe(
		'MILLRACE_TOKEN=mnt_secret agent start --coordinator https://mill.example --queues normal,hardware --concurrency 4',
	);
});

test('cloud-init starts the same agent, with the token in a file for root alone', () => {
	const text = cloudInit(FULL);
	expect(text.startsWith('#cloud-config\n')).toBe(true);
	expect(text.match(/mnt_secret/g)).toHaveLength(1);
	expect(text).toMatch(/permissions: "0600"\n {4}content: \|\n {6}MILLRACE_TOKEN=mnt_secret\n/);
	expect(text).toMatch(
		/ExecStart=.*agent start --coordinator https:\/\/mill\.example --queues normal,hardware --concurrency 4 /,
	);
	expect(text).not.toMatch(/\t/);
});

test('an address is that of a server, and nothing that a shell would take apart', () => {
	expect(addressIn(' https://mill.example:8443/console/#/nodes ')).toBe('https://mill.example:8443');
	expect(addressIn('https://mill.example/')).toBe('https://mill.example');
	expect(addressIn('https://example.org/mill/console/#/nodes')).toBe('https://example.org/mill');
	expect(addressIn('https://example.org/tools/mill/')).toBe('https://example.org/tools/mill');
	for (const text of [
		'https://mill.example/$(reboot)',
		'https://mill.example/a;b',
		"https://mill.example/'",
		'',
		'mill.example',
		'ftp://mill.example',
		'javascript:1',
		'https://$(reboot)',
	]) {
		expect(addressIn(text), text).toBeNull();
	}
	expect([
		isHereOnly('http://127.0.0.1:8080'),
		isHereOnly('http://localhost'),
		isHereOnly('https://mill.example'),
	]).toEqual([...[true, true, false]]);
});

test('what is left of a time is counted to its end', () => {
	expect([3_599_001, 60_000, 1, 0, -5, 86_400_000].map(leftInWords)).toEqual([
		'1:00:00',
		'1:00',
		'0:01',
		null,
		null,
		'24:00:00',
	]);
});
