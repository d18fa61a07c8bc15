import { expect, it } from 'vitest';
import { usedWords } from './used-words.ts';

it('says of the time what is in it, which from start to end of the run is not', () => {
	const usage = {
		...{ wallMs: 3_000, cpuMs: 200, userMs: 150, systemMs: 50, peakMemoryBytes: 0, memoryMibMs: 0, readBytes: 0 },
		...{ writtenBytes: 0, deviceMs: 0, gpuMs: 0, bytesIn: 1, bytesOut: 0, measured: null, flags: [] },
	};
	expect(usedWords(usage)).toBe('3.0 s with fetching its input, 200 ms of CPU (150 ms user, 50 ms system)');
});
