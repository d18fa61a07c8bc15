/** A whole number as text, `-` for whatever is none: what a seal covers must be the same text at both ends. */
const whole = (value: unknown, times = 1): string => {
	const rounded = typeof value === 'number' ? Math.round(value * times) : Number.NaN;
	return Number.isSafeInteger(rounded) ? String(rounded) : '-';
};

const word = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '-');

type Fields = Record<string, unknown>;
const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});

const line = (item: unknown): string => {
	const { task, attempt, token, outcome, usage } = fieldsOf(item);
	const used = fieldsOf(usage);
	// Written out, since it is made for every attempt at both ends.
	return `${word(task)} ${word(attempt)} ${word(token)} ${word(outcome)} ${whole(used.wallMs, 1000)} ${whole(used.cpuMs, 1000)} ${whole(used.systemMs, 1000)} ${whole(used.gpuMs, 1000)} ${whole(used.peakMemoryBytes)} ${whole(used.memoryMibMs)} ${whole(used.readBytes)} ${whole(used.writtenBytes)} ${whole(used.bytesIn)} ${whole(used.bytesOut)} ${word(used.measured)}`;
};

/**
 * The exact text that a node seals with a `task:settle`: who says so, and for each item which attempt it is, how it ended
 * and what it used, in whole microseconds, bytes and MiB x ms. Made of whatever came in: items that are none give a line
 * as well. A figure that the usage gains belongs into the text, under a new number of it: what is not in it is not sealed.
 */
export const settlePayload = (node: string, items: readonly unknown[]): string =>
	`millrace-task-settle:1:${node}\n${items.map(line).join('\n')}`;
