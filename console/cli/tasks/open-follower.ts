import type { FollowerOptions, TaskFollower } from './task-follower.ts';

/** Begins to follow tasks. Loads socket.io only now: most command lines do without, and it is half of their start. */
export const openFollower = async (options: FollowerOptions): Promise<TaskFollower> => {
	const { TaskFollower } = await import('./task-follower.ts');
	return new TaskFollower(options);
};
