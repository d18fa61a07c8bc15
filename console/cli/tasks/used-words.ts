import type { TaskUsage } from '../../../shared/protocol/task.ts';
import { bytesInWords, durationInWords } from '../terminal/words.ts';

const MIB_MS_PER_GIB_S = 1024 * 1000;

const MEASURES: Record<string, string> = {
	cgroup: 'measured by a control group',
	rusage: 'measured by the process itself',
	proc: 'measured in steps of 10 ms',
	mixed: 'measured in different ways',
};

/** What a task has used; empty before its first attempt is over. */
export const usedWords = (usage: TaskUsage): string => {
	if (usage.wallMs === 0) return '';
	const { userMs, systemMs, memoryMibMs, readBytes, writtenBytes, deviceMs, gpuMs, measured, flags } = usage;
	const how = measured === null ? undefined : MEASURES[measured];
	return [
		`${durationInWords(usage.wallMs)} with fetching its input, ${durationInWords(usage.cpuMs)} of CPU (${durationInWords(userMs)} user, ${durationInWords(systemMs)} system)`,
		...(memoryMibMs > 0 ? [`${(memoryMibMs / MIB_MS_PER_GIB_S).toFixed(3)} GiB s of memory`] : []),
		...(readBytes > 0 ? [`${bytesInWords(readBytes)} read from storage`] : []),
		...(writtenBytes > 0 ? [`${bytesInWords(writtenBytes)} written to it`] : []),
		...(deviceMs > 0 ? [`devices for ${durationInWords(deviceMs)}`] : []),
		...(gpuMs > 0 ? [`GPU for ${durationInWords(gpuMs)}`] : []),
		...(how === undefined ? [] : [how]),
		...(flags.length > 0 ? [`its node claimed what cannot be, which was cut: ${flags.join(', ')}`] : []),
	].join('; ');
};
