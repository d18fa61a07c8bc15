import type { Logger } from '../config/logger.ts';
import { ControlGroups } from './control-groups.ts';

/** Control groups for children where they can be made, and a word on how CPU is measured; null where they cannot. */
export const openControlGroups = (log: Logger): ControlGroups | null => {
	const groups = ControlGroups.open((reason) =>
		log.warn({ reason }, 'children get no control groups: CPU of programs is measured by /proc, in steps of 10 ms'),
	);
	if (groups) log.debug('CPU of programs is measured by control groups');
	else log.debug('no control groups can be made here: CPU of programs is measured by /proc, in steps of 10 ms');
	return groups;
};
