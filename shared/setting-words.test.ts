import { expect, test } from 'vitest';
import { settingInWords } from './setting-words.ts';

test.each([
	['port', 8080, '8080'],
	['lease', 30_000, '30 s'],
	['trashDays', 0, 'for ever'],
	['trashDays', 30, '30 days'],
	['versionCount', 0, 'all'],
	['usageMonths', 1, '1 month'],
	['freeSpace', null, 'by the size of the disk'],
	['quietHours', null, 'not set'],
	['quietHours', { from: 1_320, to: 425 }, '22:00 to 07:05'],
	['scrubRate', 0, 'off'],
	['driveAllowPlainHttp', false, 'no'],
	['tls', { isSet: true }, 'set'],
	['datasetRoots', { entries: 1 }, '1 entry'],
	['newer', ['a', 1], '["a",1]'],
])('%s %j', (name, value, words) => {
	expect(settingInWords(name, value)).toBe(words);
});
