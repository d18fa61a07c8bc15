import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { builtFile, REPOSITORY } from '../support/repository.ts';
import { TempFolder } from '../support/temp-folder.ts';
import { TestProcess } from '../support/test-process.ts';

/** How Electron marks where its fuses are: these letters, the wire's version, their number, then one letter each. */
const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
/** As Electron is delivered: 1 is on, 0 is off. */
const AS_DELIVERED = '10110001';
/** runAsNode, cookieEncryption, NODE_OPTIONS, inspect, asar integrity, only from asar, own V8 snapshot, file privileges. */
const WANTED = '01001100';

let folder: TempFolder;
beforeAll(() => {
	folder = new TempFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());
beforeEach((context) => {
	context.skip(process.platform !== 'linux', 'the stub of Electron is one of Linux');
});

/** Electron where there is none: a program with fuses, and what lies beside it. */
const stubElectron = (): string => {
	const path = folder.join('electron');
	mkdirSync(`${path}/resources`, { recursive: true });
	const wire = Buffer.concat([Buffer.from(SENTINEL), Buffer.from([1, AS_DELIVERED.length]), Buffer.from(AS_DELIVERED)]);
	writeFileSync(`${path}/electron`, Buffer.concat([Buffer.alloc(64), wire, Buffer.alloc(64)]), { mode: 0o755 });
	return path;
};

const pack = async (output: string, ...more: string[]) => {
	const cli = createRequire(import.meta.url).resolve('electron-builder/cli.js');
	const settings = [`-c.electronDist=${stubElectron()}`, `-c.directories.output=${output}`, ...more];
	const argv = [process.execPath, cli, '--linux', 'dir', '--x64', '--publish', 'never', ...settings];
	const running = new TestProcess('electron-builder', argv, { cwd: REPOSITORY });
	return { exit: await running.exited, tail: running.tail };
};

interface AsarFolder {
	files: Record<string, AsarFolder | { size: number }>;
}

/** What is in an asar: a length, a length, a length, a length, and then its contents as JSON. */
const listAsar = (path: string): string[] => {
	const content = readFileSync(path);
	const header = JSON.parse(content.subarray(16, 16 + content.readUInt32LE(12)).toString()) as AsarFolder;
	const walk = ({ files }: AsarFolder, prefix: string): string[] =>
		Object.entries(files).flatMap(([name, entry]) =>
			'files' in entry ? walk(entry, `${prefix}${name}/`) : [`${prefix}${name}`],
		);
	return walk(header, '');
};

it('packs the console, sets every fuse, and has a whole agent beside it', async () => {
	builtFile('console/admin/index.html');
	const output = folder.join('packages');
	const { exit, tail } = await pack(output);
	expect(exit, tail).toEqual({ code: 0, signal: null });
	const unpacked = `${output}/linux-unpacked`;

	const program = readFileSync(`${unpacked}/millrace-console`);
	const at = program.indexOf(SENTINEL) + SENTINEL.length + 2;
	expect(program.subarray(at, at + WANTED.length).toString()).toBe(WANTED);

	const names = listAsar(`${unpacked}/resources/app.asar`);
	expect(names).toEqual(
		expect.arrayContaining([
			...['package.json', 'dist/console/admin/index.html', 'dist/console/admin/color-scheme.js'],
			...['dist/console/desktop/main/main.js', 'dist/console/desktop/preload/preload.cjs'],
			...['dist/console/desktop/icons/tray-fail.png'],
		]),
	);
	const others = names.filter((name) => !/^(package\.json$|dist\/console\/(admin|desktop)\/)/.test(name));
	expect([...others, ...names.filter((name) => /\.(map|ts|br|gz)$/.test(name))]).toEqual([]);

	const agent = `${unpacked}/resources/agent/dist/agent/main.js`;
	const probed = JSON.parse(execFileSync(process.execPath, [agent, 'probe', '--json'], { encoding: 'utf8' }));
	expect(probed.capabilities.taskTypes).toContain('thumbnail');
	expect(createRequire(agent)('sharp').versions.vips).toMatch(/^\d/);
});

it('refuses settings that it does not know', async () => {
	const { exit, tail } = await pack(folder.join('nothing'), '-c.electronFuses.runAsNood=false');
	expect(exit.code).not.toBe(0);
	expect(tail).toMatch(/configuration\.electronFuses should be one of these/);
});
