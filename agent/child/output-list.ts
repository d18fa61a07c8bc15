import { MAX_OUTPUT_LIST_BYTES } from '../../shared/protocol/settlement-bounds.ts';
import type { RunOutput } from '../tasks/child-messages.ts';
import { TaskFailure } from '../tasks/task-failure.ts';

/** Stands for the hash that an output gets when it is uploaded. */
const SOME_SHA256 = '0'.repeat(64);

/** Refuses outputs whose names and media types would make a settlement that is too large to be sent. */
export const checkOutputList = (outputs: readonly RunOutput[]): void => {
	const list = outputs.map(({ name, size, mediaType }) => ({ name, sha256: SOME_SHA256, size, mediaType }));
	const bytes = Buffer.byteLength(JSON.stringify(list));
	if (bytes <= MAX_OUTPUT_LIST_BYTES) return;
	const limit = `the list of them has ${bytes} bytes; at most ${MAX_OUTPUT_LIST_BYTES} are allowed`;
	const message = `The ${outputs.length} outputs have too long names together: ${limit}. Write fewer, or one archive.`;
	throw new TaskFailure({ class: 'permanent', code: 'bad-output', message });
};
