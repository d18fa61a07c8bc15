import type { AbortReason } from '../tasks/child-messages.ts';

const TEXT: Readonly<Record<AbortReason, string>> = {
	timeout: 'The time limit was reached.',
	cancelled: 'The task was cancelled.',
	preempted: 'Other work needs the slot.',
};

/** Why a run was asked to stop: the reason of its abort signal. */
export class Aborted extends Error {
	constructor(reason: AbortReason) {
		super(TEXT[reason]);
		this.name = 'AbortError';
	}
}
