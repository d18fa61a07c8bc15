import type { TaskDetail } from '../../../shared/protocol/task.ts';
import { formatBytes } from '../format.ts';

const SHA256_OF_NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

type Read = Pick<TaskDetail, 'usage' | 'inputs'> & {
	attempts: readonly Pick<TaskDetail['attempts'][number], 'state'>[];
};

/**
 * What was fetched for the task. None though it succeeded and has inputs that are not empty: its node had them from an
 * earlier task. Of an attempt that failed nobody knows whether it came as far as its inputs.
 */
export const readWords = ({ usage, inputs, attempts }: Read): string =>
	usage.bytesIn === 0 &&
	attempts.some(({ state }) => state === 'succeeded') &&
	inputs.some(({ sha256 }) => sha256 !== SHA256_OF_NOTHING)
		? 'from cache'
		: formatBytes(usage.bytesIn);
