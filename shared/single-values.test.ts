import { expect, test } from 'vitest';
import { singleValues } from './single-values.ts';

test('settings come apart into values with their paths; lists, rates and empty tables stay whole', () => {
	const settings = {
		band: 5,
		validFrom: null,
		allowedQueues: ['normal', 'priority'],
		caps: { running: null, perType: { thumbnail: 4, md5: 2 } },
		rates: { starts: { perMinute: 60, burst: 10 }, submits: null },
	};
	expect(singleValues(settings)).toEqual([
		['band', 5],
		['validFrom', null],
		['allowedQueues', ['normal', 'priority']],
		['caps.running', null],
		['caps.perType.thumbnail', 4],
		['caps.perType.md5', 2],
		['rates.starts', { perMinute: 60, burst: 10 }],
		['rates.submits', null],
	]);
	expect(singleValues({ caps: { perType: {} } })).toEqual([['caps.perType', {}]]);
});
