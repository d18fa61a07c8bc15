import type { Lane } from './lane.ts';
import type { ReadyTask } from './ready-task.ts';

/** How many tasks stand in line, and when the first of them came: as `order` says. */
export interface Standing {
	depth: number;
	oldest: number;
}

const note = (of: Map<string, Standing>, name: string, depth: number, oldest: number): void => {
	const known = of.get(name);
	if (!known) {
		of.set(name, { depth, oldest });
		return;
	}
	known.depth += depth;
	if (oldest < known.oldest) known.oldest = oldest;
};

/** What stands in line by queue and by class; takes time with people and lanes, not with tasks. */
export const standingOf = <T extends ReadyTask>(
	lanes: Iterable<Lane<T>>,
): { queues: Map<string, Standing>; classes: Map<string, Standing> } => {
	const queues = new Map<string, Standing>();
	const classes = new Map<string, Standing>();
	for (const lane of lanes) {
		for (const { lines, share } of lane.stands) {
			for (const { order } of lines) {
				const { size, oldest } = order;
				if (oldest === null) continue;
				if (lane.queue !== null) note(queues, lane.queue, size, oldest);
				note(classes, share.rules.id, size, oldest);
			}
		}
	}
	return { queues, classes };
};
