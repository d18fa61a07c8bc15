import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { REPOSITORY } from '../support/repository.ts';
import { runToEnd } from '../support/run-to-end.ts';
import { TempFolder } from '../support/temp-folder.ts';

const { bin } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')) as { bin: Record<string, string> };
const documented = (): string => {
	const text = readFileSync(join(REPOSITORY, 'README.md'), 'utf8');
	return /```\n(npm install --global [\s\S]*?)```/.exec(text)?.[1] ?? '';
};

test('after the lines of the README a clone has every command on its PATH, from any folder, by a link', async () => {
	await using home = new TempFolder();
	const programs = Object.keys(bin);
	const tries = programs.map((name) => `command -v ${name}; ${name} --help | head -n 1`);
	const script = ['set -e', documented(), 'cd /', ...tries].join('\n');
	const env = { HOME: home.path, npm_config_offline: 'true', npm_config_audit: 'false', npm_config_fund: 'false' };
	const told = await runToEnd(['bash', '-c', script], { cwd: REPOSITORY, env });
	for (const name of programs) {
		expect(told).toContain(`${home.join('.local/bin', name)}\nUsage: ${name} `);
	}
});
