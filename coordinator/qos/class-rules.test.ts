import { expect, test } from 'vitest';
import { plainSettings, serviceClassSettingsSchema } from '../../shared/protocol/service-class.ts';
import { plainClass } from '../scheduler/service-class.ts';
import { classRules } from './class-rules.ts';

test('plain settings are the scheduler’s plain class', () => {
	expect(classRules('x', plainSettings())).toEqual(plainClass('x'));
});

test('every setting that the scheduler goes by reaches it', () => {
	const settings = serviceClassSettingsSchema.parse({
		band: 7,
		weight: 2.5,
		idleOnly: true,
		caps: { running: 9, runningPerUser: 3, cores: 16, memoryBytes: 1e9, perType: { noop: 2 } },
		rates: { starts: { perMinute: 30, burst: 5 } },
	});
	expect(classRules('lab', settings)).toEqual({
		id: 'lab',
		band: 7,
		weight: 2.5,
		idleOnly: true,
		mostRunning: 9,
		mostRunningOfUser: 3,
		mostCores: 16,
		mostMemoryBytes: 1e9,
		mostOfType: { noop: 2 },
		starts: { perMinute: 30, burst: 5 },
	});
});
