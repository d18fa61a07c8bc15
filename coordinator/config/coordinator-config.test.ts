import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { coordinatorConfig, optionOf, SETTINGS } from './coordinator-config.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('without anything it listens on this machine only', () => {
	expect(coordinatorConfig({}, {})).toMatchObject({ host: '127.0.0.1', port: 8080, lease: 30_000, heartbeat: 10_000 });
});

test('without anything only the trash is emptied, after 30 days', () => {
	const forEver = { logDays: 0, taskDays: 0, versionDays: 0, versionCount: 0, usageMonths: 0 };
	expect(coordinatorConfig({}, {})).toMatchObject({ ...forEver, trashDays: 30 });
});

test('the command line goes before the environment, and that before the file', () => {
	const file = join(folder, 'a.json');
	writeFileSync(
		file,
		JSON.stringify({ port: 1, host: 'h1', 'log-level': 'warn', trustedProxies: ['10.0.0.1', 'fd00::/8'] }),
	);
	const config = coordinatorConfig({ port: '3', config: file }, { MILLRACE_PORT: '2', MILLRACE_HOST: 'h2' });
	expect(config).toMatchObject({ port: 3, host: 'h2', logLevel: 'warn', trustedProxies: ['10.0.0.1', 'fd00::/8'] });
});

test.each([
	[{ port: 'x' }, '--port'],
	[{ port: '70000' }, '--port'],
	[{ lease: '0' }, '--lease'],
	[{ maxFileSize: 'big' }, '--max-file-size'],
	[{ lease: '10', heartbeat: '6' }, '--heartbeat'],
	[{ taskDays: '-1' }, '--task-days'],
	[{ logDays: '-1' }, '--log-days'],
	[{ versionDays: 'ten' }, '--version-days'],
	[{ versionCount: '2.5' }, '--version-count'],
	[{ usageMonths: '0.5' }, '--usage-months'],
	[{ tlsCert: 'a.pem' }, '--tls-key'],
	[{ publicUrl: 'ftp://x' }, '--public-url'],
	[{ trustedProxies: '10.0.0.1,proxy.local' }, '--trusted-proxies'],
	[{ egressAllow: 'hooks.lab' }, '--egress-allow'],
	[{ driveAllowPlainHttp: 'perhaps' as never }, '--drive-allow-plain-http'],
] as const)('%j is refused by the name of its option', (options, name) => {
	expect(() => coordinatorConfig(options, {})).toThrow(name);
});

test('a file with a setting that there is not is refused', () => {
	const file = join(folder, 'b.json');
	writeFileSync(file, '{"prot": 80}');
	expect(() => coordinatorConfig({ config: file }, {})).toThrow('prot');
	writeFileSync(file, '[');
	expect(() => coordinatorConfig({ config: file }, {})).toThrow('--config');
});

test.each([
	[{}, undefined, false],
	[{ driveAllowPlainHttp: true }, undefined, true],
	[{ driveAllowPlainHttp: true }, 'no', true],
	[{}, '1', true],
	[{}, 'false', false],
] as const)('a flag is on when it is named: %j, MILLRACE_DRIVE_ALLOW_PLAIN_HTTP=%s', (options, variable, on) => {
	const env = variable === undefined ? {} : { MILLRACE_DRIVE_ALLOW_PLAIN_HTTP: variable };
	expect(coordinatorConfig(options, env).driveAllowPlainHttp).toBe(on);
	writeFileSync(join(folder, 'flag.json'), JSON.stringify({ 'drive-allow-plain-http': on }));
	expect(coordinatorConfig({ config: join(folder, 'flag.json') }, {}).driveAllowPlainHttp).toBe(on);
});

test('every setting has its option and its variable', () => {
	for (const name of Object.keys(SETTINGS)) expect(optionOf(name)).toMatch(/^[a-z][a-z-]+$/);
	expect(coordinatorConfig({}, { MILLRACE_LINK_GRACE: '2.5', MILLRACE_FREE_SPACE: '1MB' })).toMatchObject({
		linkGrace: 2_500,
		freeSpace: 1_000_000,
	});
});
