import type { AgentConfig } from '../config/agent-config.ts';
import type { Logger } from '../config/logger.ts';
import { findProgram } from '../sandbox/find-program.ts';
import type { AttemptTable } from '../slots/attempt-table.ts';
import { GpuWatch } from './gpu-watch.ts';
import { openControlGroups } from './open-control-groups.ts';

/** Null without nvidia-smi. */
const watchGpus = (table: AttemptTable, log: Logger): GpuWatch | null => {
	const program = findProgram('nvidia-smi');
	if (program === null) return null;
	const onEnd = (reason: string) => log.warn({ reason }, 'nvidia-smi tells no more what GPUs are used for');
	return new GpuWatch(program, () => table.all(), onEnd);
};

/** What this machine has to measure attempts with, found out once at the start. */
export const openMeters = (metering: AgentConfig['metering'], table: AttemptTable, log: Logger) => ({
	groups: metering === 'proc' ? null : openControlGroups(log),
	gpu: watchGpus(table, log),
});
