import { execFileSync } from 'node:child_process';
import { hostname } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Millrace } from '../support/millrace.ts';
import { builtFile } from '../support/repository.ts';
import { runToEnd } from '../support/run-to-end.ts';
import { TempFolder } from '../support/temp-folder.ts';
import { TestProcess } from '../support/test-process.ts';

const hasOpenssl = (() => {
	try {
		execFileSync('openssl', ['version'], { stdio: 'ignore' });
		return true;
	} catch {
		return false;
	}
})();

let folder: TempFolder;
let coordinator: TestProcess | undefined;
let port: string;

const command = (...args: string[]): string[] => [process.execPath, builtFile('coordinator/main.js'), ...args];

const makeCertificate = (): void => {
	const names = 'subjectAltName=DNS:localhost,IP:127.0.0.1';
	const how = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
	const files = ['-keyout', folder.join('key.pem'), '-out', folder.join('cert.pem')];
	execFileSync('openssl', [...how, '-subj', '/CN=localhost', '-addext', names, ...files], { stdio: 'ignore' });
};

const nodeTokenArgs = () => ['node-token', 'create', '--data', folder.join('data')];

const startAgent = async (name: string, env: Record<string, string> = {}): Promise<TestProcess> => {
	const { token } = JSON.parse(await runToEnd(command(...nodeTokenArgs(), '--json')));
	const args = ['--coordinator', `https://localhost:${port}`, '--name', name, '--work-dir', folder.join(name)];
	const argv = [process.execPath, builtFile('agent/main.js'), 'start', ...args];
	return new TestProcess(name, argv, { env: { MILLRACE_TOKEN: token, ...env } });
};

describe.skipIf(!hasOpenssl)('a coordinator with a self-signed certificate (needs openssl)', () => {
	beforeAll(async () => {
		folder = new TempFolder();
		makeCertificate();
		const tls = ['--tls-cert', folder.join('cert.pem'), '--tls-key', folder.join('key.pem')];
		const where = ['--host', '127.0.0.1', '--port', '0', '--data', folder.join('data')];
		coordinator = new TestProcess('coordinator', command('start', ...where, ...tls));
		port = (await coordinator.line(/coordinator ready: https:\/\/127\.0\.0\.1:(\d+)/))[1] ?? '';
	});
	afterAll(async () => {
		await coordinator?.stop();
		await folder?.[Symbol.asyncDispose]();
	});

	test('the command line says that it does not trust it, and what helps, and that helps', async () => {
		await using millrace = new Millrace({ MILLRACE_URL: `https://localhost:${port}` });
		const untrusted = await millrace.run(['version']);
		expect(untrusted.code).toBe(5);
		expect(untrusted.stdout).toContain('NODE_EXTRA_CA_CERTS=cert.pem');
		expect(untrusted.stdout).not.toContain('Is it running');
		const trusted = await millrace.run(['version'], { env: { NODE_EXTRA_CA_CERTS: folder.join('cert.pem') } });
		expect(trusted.code, trusted.stdout).toBe(0);
	});

	test('an agent ends with the same words instead of trying for ever, and joins when the certificate is named', async () => {
		const untrusted = await startAgent('untrusting');
		expect((await untrusted.exited).code).toBe(1);
		expect(untrusted.tail).toContain('NODE_EXTRA_CA_CERTS=cert.pem');
		const agent = await startAgent('trusting', { NODE_EXTRA_CA_CERTS: folder.join('cert.pem') });
		await agent.line(/agent trusting ready/);
		expect((await agent.stop()).code).toBe(0);
		// The same agent, when it comes back without the certificate.
		const again = await startAgent('trusting');
		await again.line(/no link to the coordinator.*|NODE_EXTRA_CA_CERTS=cert\.pem/);
		expect(again.tail).toContain('does not trust its certificate');
		await again.stop();
	});

	test('the name of another machine is refused with a way out', async () => {
		const env = { NODE_EXTRA_CA_CERTS: folder.join('cert.pem') };
		const { token } = JSON.parse(await runToEnd(command(...nodeTokenArgs(), '--json')));
		const args = ['start', '--coordinator', `https://localhost:${port}`, '--name', 'trusting'];
		const argv = [process.execPath, builtFile('agent/main.js'), ...args, '--work-dir', folder.join('second')];
		const second = new TestProcess('second', argv, { env: { MILLRACE_TOKEN: token, ...env } });
		expect((await second.exited).code).toBe(3);
		expect(second.tail).toContain('--name trusting-2');
		expect(second.tail).toContain('millrace nodes revoke trusting');
	});

	test('a node token comes with a command that knows scheme and port, and with when it ends', async () => {
		const said = await runToEnd(command(...nodeTokenArgs(), '--uses', '2'));
		const [token = ''] = said.split('\n');
		expect(said).toMatch(/For 2 machines, until \d\d:\d\d/);
		expect(said).toContain(
			`MILLRACE_TOKEN=${token} node dist/agent/main.js start --coordinator https://127.0.0.1:${port}`,
		);
		expect(said).toContain('--host 0.0.0.0');
		expect(said).not.toContain(`${hostname()}:`);
	});
});
