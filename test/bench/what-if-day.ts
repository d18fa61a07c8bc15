import { mkdirSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { WhatIfAnswer, WhatIfProgress } from '../../shared/protocol/what-if.ts';
import { TempFolder } from '../support/temp-folder.ts';
import { BenchSystem } from './bench-system.ts';
import type { Benchmark, Figure } from './figure.ts';
import { DAY_MS, RecordedDay } from './recorded-day.ts';

const TASKS = 100_000;
const LOOK_EVERY_MS = 25;
const MIB = 1024 * 1024;

/** When a step was first seen, by the clock and by the coordinator's processor time; seconds. */
interface Seen {
	step: WhatIfProgress['step'] | 'answer';
	wall: number;
	cpu: number;
}

/** Asks, and looks on as a person with the console open does. */
const ask = async (system: BenchSystem, body: object) => {
	const seen: Seen[] = [];
	const told: number[] = [];
	const note = (step: Seen['step']) => {
		if (seen.at(-1)?.step === step) return;
		seen.push({ step, wall: performance.now() / 1_000, cpu: system.cpu().coordinator });
	};
	note('reading');
	const startedAt = performance.now();
	let answer: WhatIfAnswer | null = null;
	const asked = system.api.post<WhatIfAnswer>('/admin/what-if', body).then((got) => {
		note('answer');
		answer = got;
	});
	let mostMemory = 0;
	while (answer === null) {
		await Promise.race([asked, pause(LOOK_EVERY_MS)]);
		if (answer !== null) break;
		mostMemory = Math.max(mostMemory, system.memory());
		const { progress } = await system.api.get<{ progress: WhatIfProgress | null }>('/admin/what-if');
		if (progress === null || answer !== null) continue;
		note(progress.step);
		if (progress.share !== told.at(-1)) told.push(progress.share);
	}
	return { answer: answer as WhatIfAnswer, seen, told, mostMemory, wall: (performance.now() - startedAt) / 1_000 };
};

/** A day as a coordinator wrote it down, played again with another class, through the door. */
export const whatIfDay: Benchmark = {
	name: 'what-if-day',
	title: `what-if on a recorded day of ${TASKS.toLocaleString('en')} tasks`,
	async run({ scale }): Promise<Figure[]> {
		await using folder = new TempFolder();
		const data = folder.join('data');
		mkdirSync(data, { mode: 0o700 });
		const from = Date.now() - DAY_MS - 60_000;
		const tasks = Math.round(TASKS * scale);
		const chunks = await RecordedDay.write(`${data}/ledger.db`, { from, tasks, seed: 7 });
		await using system = await BenchSystem.start({ data });
		const before = system.memory();
		const { answer, seen, told, mostMemory, wall } = await ask(system, {
			from: new Date(from).toISOString(),
			to: new Date(from + DAY_MS).toISOString(),
			classes: { batch: { band: 6, weight: 4 } },
		});
		if (answer.tasks < tasks * 0.99) throw new Error(`only ${answer.tasks} of ${tasks} tasks are in the answer`);
		for (const sentence of answer.sentences) console.error(sentence);
		const steps = seen.slice(0, -1).flatMap(({ step, wall: at, cpu }, i): Figure[] => {
			const next = seen[i + 1]!;
			return [
				{ what: `${step}`, unit: 's', value: next.wall - at },
				{ what: `${step}: processor time of the coordinator`, unit: 's', value: next.cpu - cpu },
			];
		});
		return [
			{ what: `from the question to the answer, ${answer.tasks} tasks`, unit: 's', value: wall, bar: { most: 5 } },
			{ what: 'processor time of the coordinator', unit: 's', value: seen.at(-1)!.cpu - seen[0]!.cpu },
			...steps,
			{ what: 'told how far it is, times', unit: '', value: told.length },
			{ what: 'memory grows by', unit: 'MiB', value: (mostMemory - before) / MIB },
			{ what: 'pieces of the record', unit: '', value: chunks },
		];
	},
};
