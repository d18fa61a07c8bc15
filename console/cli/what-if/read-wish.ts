import { readFile } from 'node:fs/promises';
import { parseDuration } from '../../../shared/duration.ts';
import type { WhatIfInput } from '../../../shared/protocol/what-if.ts';
import { usageError } from '../failure.ts';

export interface WishOptions {
	from: string;
	to?: string;
	class?: string[];
	queues?: string;
	addNodes?: number;
	slots: number;
	serving: string;
	removeNode?: string[];
}

/** What is asked of the server, from the options of the command line and the files that they name. */
export const readWish = async (options: WishOptions, now: number): Promise<WhatIfInput> => {
	const { from, to = '0s', class: classes = [], queues, addNodes, slots, serving, removeNode = [] } = options;
	const settings: [string, unknown][] = [];
	for (const one of classes) {
		const at = one.indexOf('=');
		if (at <= 0) throw usageError(`--class takes NAME=FILE, such as standard=standard.json; this is ${one}`);
		settings.push([one.slice(0, at), await readJson(one.slice(at + 1))]);
	}
	const added = addNodes === undefined ? [] : [{ count: addNodes, concurrency: slots, queues: serving.split(',') }];
	// The server looks at everything in the files, and says what is wrong with it.
	return {
		from: momentOf(from, now, '--from'),
		to: momentOf(to, now, '--to'),
		classes: Object.fromEntries(settings),
		queues: queues === undefined ? [] : await readJson(queues),
		fleet: { add: added, remove: removeNode },
	} as WhatIfInput;
};

/** `24h` is so long ago; anything else must be a time. */
const momentOf = (text: string, now: number, option: string): string => {
	const ago = parseDuration(text);
	const at = ago === null ? Date.parse(text) : now - ago;
	const isPossible = Math.abs(at) <= 8.64e15;
	if (!isPossible) throw usageError(`${option} takes how long ago (24h, 30m, 2d) or a time (2026-03-01T08:00:00Z)`);
	return new Date(at).toISOString();
};

const readJson = async (file: string): Promise<unknown> => {
	let text: string;
	try {
		text = await readFile(file, 'utf8');
	} catch (error) {
		throw usageError(`${file} cannot be read: ${(error as Error).message}`);
	}
	try {
		return JSON.parse(text);
	} catch (error) {
		throw usageError(`${file} is not JSON: ${(error as Error).message}`);
	}
};
