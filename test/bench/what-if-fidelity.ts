import type { WhatIfAnswer } from '../../shared/protocol/what-if.ts';
import { BenchSystem } from './bench-system.ts';
import type { Benchmark } from './figure.ts';

/** Classes in one band by their weights, and one that comes after all of them: their lines empty at different times. */
const CLASSES = [
	{ name: 'heavy', settings: { weight: 3 } },
	{ name: 'light', settings: { weight: 1 } },
	{ name: 'late', settings: { band: 2 } },
];

/** Two agents work through a line of three classes; then a what-if with nothing changed is asked for the same time. */
export const whatIfFidelity: Benchmark = {
	name: 'what-if',
	title: 'What-if against a real run of three classes',
	async run({ scale }) {
		const each = Math.max(50, Math.round(400 * scale));
		await using system = await BenchSystem.start();
		const { coordinator, api } = system;
		const from = new Date(Date.now() - 60_000).toISOString();
		for (const { name, settings } of CLASSES) {
			await api.json('PUT', `/admin/service-classes/${name}`, settings);
		}
		for (let node = 0; node < 2; node++) await system.addAgent({ concurrency: 2, queues: ['normal'] });
		const people = [];
		for (const { name } of CLASSES) people.push(await coordinator.newUser(name, 'user', name));
		const tasks = Array.from({ length: each }, (_, i) => ({
			type: 'noop',
			parameters: { sleepMs: 60 + (i % 5) * 40 },
		}));
		// Nothing starts before everybody stands in line: what is compared is the order, not who was first to ask.
		await api.post('/admin/queues/normal:pause');
		for (const person of people) await person.post('/tasks:batch', { tasks });
		await api.post('/admin/queues/normal:resume');
		await system.untilFinished(CLASSES.length * each);
		const answer = await api.post<WhatIfAnswer>('/admin/what-if', { from, to: new Date().toISOString() });
		return answer.fidelity.flatMap(({ serviceClass, tasks: count, realP50Ms, simulatedP50Ms }) => [
			{ what: `${serviceClass}: median wait of ${count} tasks, measured`, unit: 'ms', value: realP50Ms },
			{ what: `${serviceClass}: the same simulated`, unit: 'ms', value: simulatedP50Ms },
			{
				what: `${serviceClass}: off by`,
				unit: '%',
				value: (Math.abs(simulatedP50Ms - realP50Ms) / realP50Ms) * 100,
				bar: { most: 10 },
			},
		]);
	},
};
