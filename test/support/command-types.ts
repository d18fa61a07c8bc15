import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ManifestInput } from '../../shared/protocol/task-type.ts';

/** Task types that run a shell script, by name: the script, arguments after it, and what it needs of a node. */
export type Scripts = Record<string, { script: string; args?: readonly string[]; needs?: ManifestInput['needs'] }>;

/** Writes a folder of task types as `--task-types` takes it. */
export const writeCommandTypes = (folder: string, scripts: Scripts): string => {
	for (const [name, { script, args = [], needs }] of Object.entries(scripts)) {
		const own = join(folder, name);
		mkdirSync(own, { recursive: true });
		writeFileSync(join(own, 'run.sh'), `${script}\n`);
		const manifest = {
			name,
			title: name,
			routingKey: `normal.${name}`,
			inputs: { mediaTypes: ['*/*'], min: 0, max: 10 },
			command: ['sh', './run.sh', ...args],
			...(needs === undefined ? {} : { needs }),
		};
		writeFileSync(join(own, 'manifest.json'), JSON.stringify(manifest));
		// Readable for the account that the sandbox gives the program.
		for (const path of [folder, own]) chmodSync(path, 0o755);
	}
	return folder;
};
