import type { WhatIfInput } from '../../../shared/protocol/what-if.ts';
import { counted } from '../terminal/words.ts';

/** What is asked to be different, in one line: a report without it is soon anybody's guess. `files`: where the settings of a class came from. */
export const changeInWords = (
	{ classes = {}, queues = [], fleet = {} }: Pick<WhatIfInput, 'classes' | 'queues' | 'fleet'>,
	files: ReadonlyMap<string, string> = new Map(),
): string => {
	const { add = [], remove = [] } = fleet;
	const changes = [
		...add.map(
			({ count, concurrency, queues: served }) =>
				`+${counted(count, 'node')} with ${counted(concurrency, 'slot')}${count > 1 ? ' each' : ''} serving ${served.join(', ')}`,
		),
		...remove.map((name) => `node ${name} removed`),
		...Object.entries(classes).map(([name, settings]) => `class ${name} by ${files.get(name) ?? settingsOf(settings)}`),
		...queues.map((one) =>
			one.remove
				? `queue ${one.name} removed`
				: `queue ${one.name} with binding keys ${one.bindingKeys.join(', ')}${one.paused ? ', paused' : ''}`,
		),
	];
	return changes.length === 0 ? 'nothing' : changes.join('; ');
};

const settingsOf = (settings: unknown): string => JSON.stringify(settings);
