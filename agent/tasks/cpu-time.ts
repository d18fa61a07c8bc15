import { readFileSync } from 'node:fs';

/** CPU in microseconds. */
export interface CpuTime {
	totalUs: number;
	/** The part of it in the kernel. */
	systemUs: number;
}

export const NO_CPU: CpuTime = { totalUs: 0, systemUs: 0 };

/** What was used since an earlier reading; never less than nothing. */
export const cpuSince = (now: CpuTime, before: CpuTime): CpuTime => {
	const totalUs = Math.max(0, now.totalUs - before.totalUs);
	return { totalUs, systemUs: Math.min(totalUs, Math.max(0, now.systemUs - before.systemUs)) };
};

/** CPU of this process, all its threads included, to the microsecond. */
export const ownCpu = (): CpuTime => {
	const { user, system } = process.cpuUsage();
	return { totalUs: user + system, systemUs: system };
};

/** CPU of all that ever ran in a control group; null when the group is not there. */
export const groupCpu = (folder: string): CpuTime | null => {
	let text: string;
	try {
		text = readFileSync(`${folder}/cpu.stat`, 'latin1');
	} catch {
		return null;
	}
	const total = /^usage_usec (\d+)$/m.exec(text);
	const system = /^system_usec (\d+)$/m.exec(text);
	return total && system ? { totalUs: Number(total[1]), systemUs: Number(system[1]) } : null;
};
