import type { UsageMeasure } from '../../shared/protocol/task.ts';

/** What a run has used, as its child has measured it. */
export interface RunUsage {
	/** User and system. */
	cpuMs: number;
	systemMs: number;
	peakMemoryBytes: number;
	/** Resident memory summed over time. */
	memoryMibMs: number;
	readBytes?: number;
	writtenBytes?: number;
	measured: UsageMeasure;
}
