import { readdir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type Manifest, manifestSchema } from '../../shared/protocol/task-type.ts';
import { BadSetting } from '../config/agent-config.ts';
import { isBuiltIn } from '../tasks/catalog.ts';

/** A task type that runs a program of this machine. */
export interface CommandType {
	manifest: Manifest & { command: string[] };
	/** Where its manifest and program lie; the program's working folder. */
	folder: string;
}

const readManifest = async (path: string): Promise<Manifest> => {
	const text = await readFile(path, 'utf8').catch((cause: Error) => {
		throw new BadSetting(`There is no readable manifest at ${path}: ${cause.message}`);
	});
	let json: unknown;
	try {
		json = JSON.parse(text);
	} catch (cause) {
		throw new BadSetting(`${path} is not valid JSON: ${(cause as Error).message}`);
	}
	const manifest = manifestSchema.safeParse(json);
	if (manifest.success) return manifest.data;
	throw new BadSetting(`${path} is not a valid manifest:\n${z.prettifyError(manifest.error)}`);
};

/** Reads `<folder>/<any name>/manifest.json` of every task type in the folder. Throws BadSetting when one is unusable. */
export const loadTaskTypes = async (folder: string | null): Promise<Map<string, CommandType>> => {
	const types = new Map<string, CommandType>();
	if (folder === null) return types;
	const entries = await readdir(folder, { withFileTypes: true }).catch((cause: Error) => {
		throw new BadSetting(`The folder of task types cannot be read: ${cause.message}`);
	});
	for (const entry of entries) {
		if (entry.name.startsWith('.') || !entry.isDirectory()) continue;
		const own = await realpath(join(folder, entry.name));
		const manifest = await readManifest(join(own, 'manifest.json'));
		const { name, command } = manifest;
		if (isBuiltIn(name)) throw new BadSetting(`${own}: ${name} is a built-in task type; choose another name.`);
		if (types.has(name)) throw new BadSetting(`${own}: there are two task types named ${name}.`);
		if (!command) throw new BadSetting(`${own}: the manifest names no command.`);
		types.set(name, { manifest: { ...manifest, command }, folder: own });
	}
	return types;
};
