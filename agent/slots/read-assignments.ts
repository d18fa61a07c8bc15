import type { Assignment } from '../../shared/protocol/agent-link.ts';

const TASK_ID = /^tsk_[0-9a-hjkmnp-tv-z]{26}$/;
const TOKEN = /^[0-9a-f]{32}$/;
const SHA256 = /^[0-9a-f]{64}$/;

const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const isInput = (value: unknown): boolean =>
	isObject(value) &&
	typeof value.name === 'string' &&
	typeof value.size === 'number' &&
	typeof value.sha256 === 'string' &&
	SHA256.test(value.sha256);

const isAssignment = (value: unknown): boolean => {
	if (!isObject(value) || !isObject(value.parameters) || !isObject(value.limits) || !Array.isArray(value.inputs))
		return false;
	const { softMs, hardMs, memoryBytes, outputBytes } = value.limits;
	return (
		typeof value.task === 'string' &&
		TASK_ID.test(value.task) &&
		Number.isInteger(value.attempt) &&
		typeof value.token === 'string' &&
		TOKEN.test(value.token) &&
		typeof value.type === 'string' &&
		typeof softMs === 'number' &&
		typeof hardMs === 'number' &&
		typeof memoryBytes === 'number' &&
		typeof outputBytes === 'number' &&
		(value.sandbox === 'none' || value.sandbox === 'limits' || value.sandbox === 'strong') &&
		value.inputs.every(isInput)
	);
};

/**
 * The assignments of a `task:assign`, and how many items were malformed. Checked by hand: the sender has been trusted
 * with this machine, and they come thousands of times a second.
 */
export const readAssignments = (message: unknown): { assignments: Assignment[]; malformed: number } => {
	const items = isObject(message) && Array.isArray(message.tasks) ? message.tasks : null;
	if (items === null) return { assignments: [], malformed: 1 };
	const assignments = items.filter(isAssignment) as Assignment[];
	return { assignments, malformed: items.length - assignments.length };
};
