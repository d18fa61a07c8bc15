import { expect, it, test } from 'vitest';
import { type ServiceClassInput, serviceClassSettingsSchema } from '../../shared/protocol/service-class.ts';
import { needsSchema } from '../../shared/protocol/task-type.ts';
import { classWarnings } from './class-warnings.ts';

const AROUND = {
	queues: [
		{ name: 'normal', bindingKeys: ['normal.#'] },
		{ name: 'priority', bindingKeys: ['priority.#', 'urgent.*'] },
	],
	types: [
		{ name: 'small', needs: needsSchema.parse({}) },
		{ name: 'large', needs: needsSchema.parse({ cores: 8, memoryBytes: 2e9 }) },
	],
};
const warnings = (settings: ServiceClassInput, name = 'lab') =>
	classWarnings(name, serviceClassSettingsSchema.parse(settings), AROUND, Date.parse('2026-03-01T12:00:00Z'));

test.each<[string, ServiceClassInput, RegExp]>([
	['a queue that is not there', { allowedQueues: ['normal', 'fast'] }, /no queue fast/],
	['a key that reaches no queue', { allowedRoutingKeys: ['batch.#'] }, /batch\.# reaches no queue/],
	[
		'a key that reaches none of the allowed queues',
		{ allowedQueues: ['normal'], allowedRoutingKeys: ['normal.*', 'urgent.x'] },
		/urgent\.x reaches none of the allowed queues/,
	],
	[
		'idle-only work in a high band',
		{ idleOnly: true, band: 8 },
		/band 8 puts it before nobody: all idle-only classes stand in one band/,
	],
	['a very slow rate of starts', { rates: { starts: { perMinute: 0.5 } } }, /one in 120 s/],
	['a very slow rate of submits', { rates: { submits: { perMinute: 0.1 } } }, /one in 600 s/],
	['a cap on a type that is not there', { caps: { perType: { magic: 1 } } }, /no task type magic/],
	['fewer cores than a type needs', { caps: { cores: 4 } }, /large need more and never start/],
	['less memory than a type needs', { caps: { memoryBytes: 1e9 } }, /large need more/],
	['a run that is over at once', { longestRunMs: 10 }, /less than a second/],
	['a time that is over', { validUntil: '2026-03-01T11:00:00Z' }, /nobody is in the class/],
])('%s is allowed and said', (_, settings, words) => {
	const said = warnings(settings);
	expect(said).toHaveLength(1);
	expect(said[0]).toMatch(words);
});

it('says nothing of what is usual', () => {
	expect(warnings({})).toEqual([]);
	expect(warnings({ band: 9, weight: 4, caps: { running: 2 }, allowedQueues: ['priority'] })).toEqual([]);
	expect(warnings({ band: 0, idleOnly: true })).toEqual([]);
	expect(warnings({ allowedRoutingKeys: ['*.thumbnail', 'normal.#'] })).toEqual([]);
});

it('says that everybody may wait for ever when the standard class is idle-only', () => {
	expect(warnings({ idleOnly: true }, 'standard')).toEqual([expect.stringMatching(/wait for ever/)]);
});
