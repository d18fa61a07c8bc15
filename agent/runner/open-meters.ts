import type { AgentConfig } from '../config/agent-config.ts';
import type { Logger } from '../config/logger.ts';
import { findProgram } from '../sandbox/find-program.ts';
import type { AttemptTable } from '../slots/attempt-table.ts';
import { ControlGroups } from './control-groups.ts';
import { GpuWatch } from './gpu-watch.ts';

const openGroups = (log: Logger): ControlGroups | null => {
	const groups = ControlGroups.open((reason) =>
		log.warn({ reason }, 'children get no control groups: CPU of programs is measured by /proc, in steps of 10 ms'),
	);
	if (groups) log.debug('CPU of programs is measured by control groups');
	else log.debug('no control groups can be made here: CPU of programs is measured by /proc, in steps of 10 ms');
	return groups;
};

const watchGpus = (table: AttemptTable, log: Logger): GpuWatch | null => {
	const program = findProgram('nvidia-smi');
	if (program === null) return null;
	const onEnd = (reason: string) => log.warn({ reason }, 'nvidia-smi tells no more what GPUs are used for');
	return new GpuWatch(program, () => table.all(), onEnd);
};

/** What this machine has to measure attempts with, found out once at the start. */
export const openMeters = (metering: AgentConfig['metering'], table: AttemptTable, log: Logger) => ({
	groups: metering === 'proc' ? null : openGroups(log),
	gpu: watchGpus(table, log),
});
