import { readFile } from 'node:fs/promises';
import type { WhatIfInput } from '../../../shared/protocol/what-if.ts';
import { usageError } from '../failure.ts';

export interface WishOptions {
	/** Instants; the end is now unless told. */
	from: string;
	to?: string;
	class?: string[];
	queues?: string;
	addNodes?: number;
	slots: number;
	serving: string;
	removeNode?: string[];
}

/** By class, the file that holds its settings. */
export const filesOfClasses = ({ class: classes = [] }: Pick<WishOptions, 'class'>): Map<string, string> =>
	new Map(classes.map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]));

/** What is asked of the server, from the options of the command line and the files that they name. */
export const readWish = async (options: WishOptions): Promise<WhatIfInput> => {
	const {
		from,
		to = new Date().toISOString(),
		class: classes = [],
		queues,
		addNodes,
		slots,
		serving,
		removeNode = [],
	} = options;
	const settings: [string, unknown][] = [];
	for (const one of classes) {
		const at = one.indexOf('=');
		if (at <= 0) throw usageError(`--class takes NAME=FILE, such as standard=standard.json; this is ${one}`);
		settings.push([one.slice(0, at), await readJson(one.slice(at + 1))]);
	}
	const added = addNodes === undefined ? [] : [{ count: addNodes, concurrency: slots, queues: serving.split(',') }];
	// The server looks at everything in the files, and says what is wrong with it.
	return {
		...{ from, to },
		classes: Object.fromEntries(settings),
		queues: queues === undefined ? [] : await readJson(queues),
		fleet: { add: added, remove: removeNode },
	} as WhatIfInput;
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
