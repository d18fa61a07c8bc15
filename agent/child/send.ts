import type { FromChild } from '../tasks/child-messages.ts';

/** Sends to the agent; when the agent is gone there is nobody to tell, and the process is about to end. */
export const send = (message: FromChild): void => {
	if (process.connected) process.send?.(message, undefined, undefined, () => {});
};
