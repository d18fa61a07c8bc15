import { randomBytes } from 'node:crypto';
import type { Assignment, AttemptRef } from '../../shared/protocol/agent-link.ts';

const LIMITS = { softMs: 60_000, hardMs: 66_000, memoryBytes: 2 ** 30, outputBytes: 2 ** 30 };

/** What a test wants otherwise than usual. */
export type AssignmentChanges = Partial<Omit<Assignment, 'limits'>> & { limits?: Partial<Assignment['limits']> };

let count = 0;

/** An assignment as the coordinator makes it, with what a test wants otherwise. */
export const makeAssignment = (type: string, options: AssignmentChanges = {}): Assignment => ({
	task: `tsk_${String(++count).padStart(26, '0')}`,
	attempt: 1,
	token: randomBytes(16).toString('hex'),
	type,
	typeVersion: 1,
	parameters: {},
	inputs: [],
	hardware: {},
	sandbox: 'none',
	...options,
	limits: { ...LIMITS, ...options.limits },
});

/** What names the attempt in messages. */
export const refOf = ({ task, attempt, token }: Assignment): AttemptRef => ({ task, attempt, token });
