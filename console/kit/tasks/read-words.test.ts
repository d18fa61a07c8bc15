import { expect, it } from 'vitest';
import { taskUsageSchema } from '../../../shared/protocol/task.ts';
import { readWords } from './read-words.ts';

const usage = taskUsageSchema.parse({ wallMs: 10, cpuMs: 5, peakMemoryBytes: 1, bytesIn: 0, bytesOut: 0 });
const picture = { file: 'fil_1', path: '/a.jpg', version: 1, sha256: 'a'.repeat(64) };
const empty = { ...picture, sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' };

it.each([
	['what was fetched', { ...usage, bytesIn: 1_500 }, [picture], 'succeeded', '1.5 kB'],
	['nothing fetched for an input: it was at hand', usage, [picture], 'succeeded', 'from cache'],
	['one of two at hand, the other empty', usage, [empty, picture], 'succeeded', 'from cache'],
	['an empty input', usage, [empty], 'succeeded', '0 B'],
	['no input', usage, [], 'succeeded', '0 B'],
	['an attempt that failed, perhaps before it read', usage, [picture], 'failed', '0 B'],
	['an attempt that runs', usage, [picture], 'running', '0 B'],
] as const)('%s', (_, used, inputs, state, words) => {
	expect(readWords({ usage: used, inputs: [...inputs], attempts: [{ state }] })).toBe(words);
});
