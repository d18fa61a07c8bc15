import { describe, expect, it } from 'vitest';
import { type ServiceClassInput, serviceClassSettingsSchema } from '../../shared/protocol/service-class.ts';
import { manifestSchema } from '../../shared/protocol/task-type.ts';
import { policyOfPerson, policyOfTask } from './effective-policy.ts';
import type { Policy } from './policy.ts';

const policy = (serviceClass: string, settings: ServiceClassInput, source: Policy['source']): Policy => ({
	serviceClass,
	version: 3,
	settings: serviceClassSettingsSchema.parse(settings),
	source,
});
const OWNER = policy('priority', { band: 7, longestRunMs: 60_000 }, { by: 'group', group: 'lab' });
const IDLE = policy('background', { idleOnly: true }, { by: 'default' });
const task = (asked: string | null, softMs = 300_000, routingKey = 'normal.thumbnail') => ({
	manifest: manifestSchema.parse({
		name: 'thumbnail',
		title: 'T',
		routingKey: 'normal.thumbnail',
		limits: { softMs },
	}),
	routingKey,
	priority: 4,
	asked,
});
const at = (values: { path: string }[], path: string) => values.find((one) => one.path === path);

describe('an effective policy', () => {
	it('says of every value of a person where it comes from', () => {
		const told = policyOfPerson(OWNER, ['class late: …']);
		expect(told).toMatchObject({
			serviceClass: 'priority',
			version: 3,
			because: 'given to group lab',
			passedOver: ['class late: …'],
		});
		const from = 'class priority v3, given to group lab';
		expect(at(told.values, 'band')).toEqual({ path: 'band', value: 7, from });
		expect(at(told.values, 'caps.running')).toEqual({ path: 'caps.running', value: null, from });
		expect(told.values.every((value) => value.from === from)).toBe(true);
		const paths = told.values.map(({ path }) => path);
		expect(paths).toHaveLength(new Set(paths).size);
		expect(paths).toEqual(
			expect.arrayContaining(['rates.starts', 'quotas.files', 'bandwidth.uploadBytesPerSecond', 'caps.perType']),
		);
	});

	it('of a task names its type where that is stricter, and its class where that is', () => {
		const parts = { counts: OWNER, owner: OWNER, ownerPassedOver: [] };
		const strict = policyOfTask(parts, task(null, 30_000));
		expect(at(strict.values, 'longestRunMs')).toEqual({
			path: 'longestRunMs',
			value: 30_000,
			from: 'task type thumbnail',
		});
		const loose = policyOfTask(parts, task(null));
		expect(at(loose.values, 'longestRunMs')).toEqual({
			path: 'longestRunMs',
			value: 60_000,
			from: 'class priority v3, given to group lab',
		});
		expect(loose.because).toBe('given to group lab: the class of its owner');
	});

	it('of a task says what was asked for at submit', () => {
		const parts = { counts: IDLE, owner: OWNER, ownerPassedOver: ['x'] };
		const told = policyOfTask(parts, task('background', 300_000, 'batch.thumbnail'));
		expect(told).toMatchObject({ serviceClass: 'background', because: 'asked for at submit', passedOver: [] });
		expect(at(told.values, 'routingKey')).toMatchObject({ value: 'batch.thumbnail', from: 'asked for at submit' });
		expect(at(told.values, 'idleOnly')).toMatchObject({
			value: true,
			from: 'class background v3, asked for at submit',
		});
		expect(at(told.values, 'longestRunMs')).toMatchObject({ from: 'task type thumbnail' });
	});

	it('of a task whose class does not count any more is that of its owner', () => {
		const parts = { counts: OWNER, owner: OWNER, ownerPassedOver: [] };
		const told = policyOfTask(parts, task('night'));
		expect(told.serviceClass).toBe('priority');
		expect(told.passedOver).toEqual(['class night, asked for at submit: it does not count at this time']);
	});
});
