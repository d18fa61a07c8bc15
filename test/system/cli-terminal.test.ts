import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Millrace } from '../support/millrace.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';
import { TempFolder } from '../support/temp-folder.ts';

const hasTerminal = (() => {
	try {
		execFileSync('script', ['--version'], { stdio: 'ignore' });
		return true;
	} catch {
		return false;
	}
})();

let coordinator: RunningCoordinator;
let folder: TempFolder;

beforeAll(async () => {
	coordinator = await startCoordinator();
	folder = new TempFolder();
});
afterAll(async () => {
	await folder?.[Symbol.asyncDispose]();
	await coordinator?.[Symbol.asyncDispose]();
});

describe.skipIf(!hasTerminal)('in a terminal (needs script of util-linux)', () => {
	test('name and password are asked for, and the password is not shown', async () => {
		await using millrace = new Millrace();
		const { username, password } = coordinator.administrator;
		const asked = new Set<string>();
		const ran = await millrace.run(['login', coordinator.url], {
			terminal: true,
			onOutput: (soFar, type) => {
				for (const [question, answer] of [
					['Name at', username],
					['Password:', password],
				] as const) {
					if (!soFar.includes(question) || asked.has(question)) continue;
					asked.add(question);
					type(`${answer}\r`);
				}
			},
		});
		expect(ran.code, ran.stdout).toBe(0);
		expect(ran.stdout).toContain(`Signed in to ${coordinator.url} as ${username}.`);
		expect(ran.stdout).not.toContain(password);
	});

	test('a progress bar tells bytes, speed and what is left, and leaves the lines whole', async (context) => {
		using proxy = await TcpProxy.listen({ port: coordinator.port });
		// More than what the system's own buffers swallow at once.
		proxy.throttle(6_000_000, 'up');
		await using millrace = Millrace.of(coordinator, proxy.url);
		await writeFile(folder.join('large.bin'), seededRandom(context).bytes(24 * 1024 * 1024));
		const ran = await millrace.run(['upload', folder.join('large.bin')], { terminal: true });
		expect(ran.code, ran.stdout).toBe(0);
		expect(ran.stdout).toMatch(/[█░]{24} +\d+ % {2}[\d.]+ MB of 25\.2 MB {2}[\d.]+ [kM]B\/s {2}.* left/);
		// The last line is the file's own, with nothing of the bar in it.
		const last = ran.stdout.trimEnd().split('\n').at(-1)?.split('\u001b[2K').at(-1);
		expect(last).toContain('/large.bin');
		expect(last).not.toContain('█');
	});

	test('a wait that no machine ends says why, and is not drawn again and again', async () => {
		await using millrace = Millrace.of(coordinator);
		await writeFile(folder.join('waits.txt'), 'x');
		// Once: the terminal echoes what is typed, and each echo would be answered by another.
		let stopped = false;
		const ran = await millrace.run(['upload', folder.join('waits.txt'), '--wait'], {
			terminal: true,
			onOutput: (soFar, type) => {
				if (stopped || !soFar.includes('No node that takes work serves queue')) return;
				stopped = true;
				type('\u0003');
			},
		});
		expect(ran.code).toBe(130);
		expect(ran.stdout).toMatch(/of \/waits\.txt is queued: No node that takes work serves queue normal/);
		// Once before the sentence and at most once after it.
		expect(ran.stdout.split('Waiting for 2 tasks …').length - 1).toBeLessThanOrEqual(2);
	});

	test('NO_COLOR means no colours', async () => {
		await using millrace = Millrace.of(coordinator);
		await coordinator.api.upload('/folder/x', 'x');
		const coloured = await millrace.run(['ls'], { terminal: true });
		expect(coloured.stdout).toContain('\u001b[34mfolder/');
		const plain = await millrace.run(['ls'], { terminal: true, env: { NO_COLOR: '1' } });
		expect(plain.stdout).toContain('folder/');
		expect(plain.stdout).not.toContain('\u001b[34m');
	});

	test('Ctrl-C ends with 130, and an upload goes on where it was', async (context) => {
		using proxy = await TcpProxy.listen({ port: coordinator.port });
		proxy.throttle(8_000_000, 'up');
		await using millrace = Millrace.of(coordinator, proxy.url);
		const content = seededRandom(context).bytes(16 * 1024 * 1024);
		await writeFile(folder.join('stopped.bin'), content);
		let stopped = false;
		const first = await millrace.run(['upload', folder.join('stopped.bin')], {
			terminal: true,
			onOutput: (soFar, type) => {
				if (stopped || !/ [3-9]\d %/.test(soFar)) return;
				stopped = true;
				type('\u0003');
			},
		});
		expect(first.code).toBe(130);
		proxy.heal();
		const second = await millrace.run(['upload', folder.join('stopped.bin')]);
		expect(second.code, second.stderr).toBe(0);
		expect(proxy.bytes('up')).toBeLessThan(content.length * 1.25);
	});
});
