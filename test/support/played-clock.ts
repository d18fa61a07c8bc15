import { afterEach, beforeEach, vi } from 'vitest';

/**
 * In each test of the file that calls this, time begins at the same moment and moves only when told. It is mocked for
 * timers alone: promises and setImmediate go on as ever.
 */
export const playClock = (): void => {
	beforeEach(() => {
		vi.useFakeTimers({
			toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
			now: 1_800_000_000_000,
		});
	});
	afterEach(() => {
		vi.useRealTimers();
	});
};
