import { constants } from 'node:fs';
import { lstat, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MAX_RESULT_BYTES } from '../../shared/protocol/settlement-bounds.ts';
import { detectFile } from '../tasks/mimetype/detect-file.ts';
import { TaskFailure } from '../tasks/task-failure.ts';
import type { JsonObject } from '../tasks/task-module.ts';
import type { RunContext } from './run-context.ts';

const MOST_OUTPUTS = 1000;
/** One path element that is harmless everywhere: no separators, no control characters, not `.` or `..`. */
const SAFE_NAME = /^(?!\.{1,2}$)[^/\\\p{Cc}]{1,255}$/u;

const bad = (code: string, message: string): TaskFailure => new TaskFailure({ class: 'permanent', code, message });

/** Takes the regular files of the folder as outputs; anything else in there is refused. */
export const collectOutputs = async (folder: string, context: RunContext): Promise<void> => {
	const names = await readdir(folder);
	if (names.length > MOST_OUTPUTS) throw bad('bad-output', `The program wrote more than ${MOST_OUTPUTS} outputs.`);
	for (const name of names.sort()) {
		const path = join(folder, name);
		if (!SAFE_NAME.test(name) || Buffer.byteLength(name) > 255) {
			throw bad('bad-output', `The output ${JSON.stringify(name)} has a name that cannot be used.`);
		}
		if (!(await lstat(path)).isFile()) {
			throw bad('bad-output', `The output ${JSON.stringify(name)} is not a regular file.`);
		}
		const { mimetype } = await detectFile(path, constants.O_NOFOLLOW);
		context.addOutput(name, path, mimetype);
	}
};

/** What the program wrote as its result; an empty object when it wrote none. */
export const readResult = async (path: string): Promise<JsonObject> => {
	let file: Awaited<ReturnType<typeof open>>;
	try {
		file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		if (code === 'ENOENT') return {};
		if (code === 'ELOOP') throw bad('bad-result', 'The result is not a regular file.');
		throw error;
	}
	try {
		const facts = await file.stat();
		if (!facts.isFile()) throw bad('bad-result', 'The result is not a regular file.');
		if (facts.size > MAX_RESULT_BYTES) {
			throw bad('result-too-large', `The result has ${facts.size} bytes; at most ${MAX_RESULT_BYTES} are allowed.`);
		}
		return parseResult(await file.readFile('utf8'));
	} finally {
		await file.close();
	}
};

const parseResult = (text: string): JsonObject => {
	let result: unknown;
	try {
		result = JSON.parse(text);
	} catch {
		throw bad('bad-result', 'The result is not valid JSON.');
	}
	if (typeof result === 'object' && result !== null && !Array.isArray(result)) return result as JsonObject;
	throw bad('bad-result', 'The result must be a JSON object.');
};
