import { createHash } from 'node:crypto';
import type { ProvenanceRecord } from '../../shared/protocol/provenance.ts';
import type { TaskUsage } from '../../shared/protocol/task.ts';
import type { StoredInput } from '../queue/open-task.ts';
import type { TaskOrigin } from '../queue/task-origin-store.ts';

/** A task that has just succeeded, with what the ledger knows of it. */
export interface MadeBy {
	task: string;
	type: string;
	typeVersion: number;
	by: { id: string; name: string };
	origin: TaskOrigin;
	/** JSON text, as the task was given it. */
	parameters: string;
	inputs: readonly StoredInput[];
	node: string;
	attempt: number;
	startedAt: number;
	finishedAt: number;
	usage: TaskUsage;
}

const MOST_PARAMETERS = 8 * 1024;
const MOST_INPUTS = 20;
/** Of the inputs as JSON, so that a record has 16 KiB at most. */
const MOST_INPUT_BYTES = 6 * 1024;

/** In hex. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const firstInputs = (inputs: readonly StoredInput[]): ProvenanceRecord['inputs'] => {
	let bytes = 0;
	const first: ProvenanceRecord['inputs'] = [];
	for (const { file, dataset, path, version, sha256, size } of inputs.slice(0, MOST_INPUTS)) {
		const input = { file, ...(dataset === undefined ? {} : { dataset }), path, version, sha256, size };
		bytes += Buffer.byteLength(JSON.stringify(input));
		if (bytes > MOST_INPUT_BYTES) break;
		first.push(input);
	}
	return first;
};

/** How an output was made, in a form that needs nothing else to be understood later. */
export const provenanceRecord = (made: MadeBy, output: string): ProvenanceRecord => {
	const { origin, parameters, inputs } = made;
	return {
		task: made.task,
		output,
		type: made.type,
		typeVersion: made.typeVersion,
		by: made.by,
		cause: origin.cause,
		recipe: origin.recipe === null ? null : { id: origin.recipe, version: origin.recipeVersion, step: origin.step },
		parameters: Buffer.byteLength(parameters) <= MOST_PARAMETERS ? JSON.parse(parameters) : null,
		parametersSha256: sha256(parameters),
		inputs: firstInputs(inputs),
		inputCount: inputs.length,
		inputsSha256: sha256(inputs.map(({ path, sha256 }) => `${sha256}  ${path}\n`).join('')),
		node: made.node,
		attempt: made.attempt,
		startedAt: new Date(made.startedAt).toISOString(),
		finishedAt: new Date(made.finishedAt).toISOString(),
		usage: made.usage,
	};
};
