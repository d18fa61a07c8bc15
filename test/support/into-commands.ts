import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { manifestSchema } from '../../shared/protocol/task-type.ts';
import { intoType } from './into-type.ts';

/** Makes queued tasks into invocations of a command type, by its manifest. Stop the coordinator before. */
export const intoCommands = (data: string, ids: readonly string[], folder: string, name: string): void => {
	const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(folder, name, 'manifest.json'), 'utf8')));
	intoType(data, ids, manifest, '{}');
};
