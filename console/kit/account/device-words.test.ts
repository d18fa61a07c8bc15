import { describe, expect, it } from 'vitest';
import { deviceWords } from './device-words.ts';

const AGENT = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

describe('a device', () => {
	it.each([
		[AGENT, 'Chrome on Linux'],
		[`${AGENT} Edg/140.0`, 'Edge on Linux'],
		['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605 Version/18 Safari/605', 'Safari on macOS'],
		['curl/8.0', 'curl'],
		['my-script 1', 'my-script 1'],
		['', 'Unknown program'],
	])('that says %j is called %j', (userAgent, words) => expect(deviceWords(userAgent)).toBe(words));
});
