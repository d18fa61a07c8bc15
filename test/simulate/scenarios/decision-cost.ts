import type { ReadyTask } from '../../../coordinator/scheduler/ready-task.ts';
import { Scheduler } from '../../../coordinator/scheduler/scheduler.ts';
import { plainClass } from '../../../coordinator/scheduler/service-class.ts';
import { barPlot } from '../../../shared/bar-plot.ts';
import { SeededRandom } from '../../support/seeded-random.ts';
import { simulatedNode, simulatedQueue, TaskMaker } from '../../support/simulated.ts';
import type { Scenario, SimulatedFigure } from '../scenario.ts';

const USERS = 1_000;
const NODES = 200;
const QUEUES = Array.from({ length: 50 }, (_, i) => `q${i}`);
const DEPTHS = [10_000, 100_000, 1_000_000];
const WARM_UP = 20_000;

interface Cost {
	depth: number;
	p50: number;
	p99: number;
	most: number;
	/** By the clock: what other work on the machine takes counts, too. */
	clockP50: number;
	clockP99: number;
	/** With the release and the enqueue before it, by the clock. */
	cycleP50: number;
	cycleP99: number;
}

/** Microseconds of this process on any core. */
const cpuTime = (): number => {
	const { user, system } = process.cpuUsage();
	return user + system;
};

const quantile = (sorted: Float64Array, share: number): number =>
	sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;

/** Each decision follows the end of a task and a new one in line, so the depth stays as it is. */
const measure = (depth: number, decisions: number, seed: number): Cost => {
	const random = new SeededRandom(seed);
	const tasks = new TaskMaker();
	const scheduler = new Scheduler();
	scheduler.setQueues(
		QUEUES.map((name) => simulatedQueue(name)),
		0,
	);
	const classes = [7, 5, 5].map((band, i) => ({ ...plainClass(`c${i}`), band, weight: i + 1 }));
	scheduler.setClasses(classes);
	for (let i = 0; i < NODES; i += 1) scheduler.setNode(simulatedNode(`n${i}`, 4, { queues: QUEUES }));
	let now = 0;
	const add = (): void => {
		const owner = random.between(1, USERS);
		const queue = QUEUES[random.between(0, QUEUES.length - 1)]!;
		const task = tasks.make(owner, now, {
			serviceClass: classes[owner % 3]!.id,
			routingKey: `${queue}.short`,
			priority: random.between(0, 9),
		});
		scheduler.enqueue(task, now);
	};
	for (let i = 0; i < depth + NODES * 4; i += 1) add();
	const running: ReadyTask[] = scheduler.pick(Number.POSITIVE_INFINITY, now).map(({ task }) => task);
	const alone = new Float64Array(decisions);
	const clocked = new Float64Array(decisions);
	const cycles = new Float64Array(decisions);
	for (let i = -WARM_UP; i < decisions; i += 1) {
		now += random.between(0, 20);
		const at = random.between(0, running.length - 1);
		// Short enough to be let into every slot: each end is followed by a start.
		const cost = random.between(100, 1_900);
		const began = performance.now();
		scheduler.release(running[at]!.seq, cost, now);
		add();
		const used = cpuTime();
		const ready = performance.now();
		const [decision] = scheduler.pick(1, now);
		const decided = performance.now();
		const usedThen = cpuTime();
		running[at] = decision!.task;
		if (i < 0) continue;
		alone[i] = usedThen - used;
		clocked[i] = (decided - ready) * 1_000;
		cycles[i] = (decided - began) * 1_000;
	}
	alone.sort();
	clocked.sort();
	cycles.sort();
	return {
		depth,
		p50: quantile(alone, 0.5),
		p99: quantile(alone, 0.99),
		most: alone.at(-1)!,
		clockP50: quantile(clocked, 0.5),
		clockP99: quantile(clocked, 0.99),
		cycleP50: quantile(cycles, 0.5),
		cycleP99: quantile(cycles, 0.99),
	};
};

const text = (value: number): string => value.toFixed(value < 100 ? 1 : 0);

/** What one decision costs with ever more tasks in line. */
export const decisionCost: Scenario = {
	name: 'decision-cost',
	title: 'The cost of a decision',
	about:
		'200 nodes with 4 slots that serve all of 50 queues; 1,000 people in three classes of two bands. 10,000, 100,000 and 1,000,000 tasks stand in line. Each measured decision follows the end of a task and a new task in line, so the depth stays the same.',
	play({ scale, seed }) {
		const decisions = Math.max(2_000, Math.round(100_000 * scale));
		const depths = DEPTHS.map((depth) => Math.max(1_000, Math.round(depth * Math.min(1, scale))));
		// The first of all pays for the compiler; it is not what is asked.
		measure(1_000, 2_000, seed);
		const costs = depths.map((depth) => measure(depth, decisions, seed));
		const [least, most] = [costs[0]!, costs.at(-1)!];
		const figures: SimulatedFigure[] = [
			{
				what: `p99 of a decision with ${most.depth.toLocaleString('en')} in line`,
				unit: 'µs',
				value: most.p99,
				bar: { most: 100 },
			},
			{
				what: `p50 with ${most.depth.toLocaleString('en')} in line, times that with ${least.depth.toLocaleString('en')}`,
				unit: '',
				value: most.p50 / least.p50,
				bar: { most: 2 },
			},
			{
				what: `p99 with ${most.depth.toLocaleString('en')} in line, times that with ${least.depth.toLocaleString('en')}`,
				unit: '',
				value: most.p99 / least.p99,
				bar: { most: 2 },
			},
		];
		const rows = costs.map((one) => {
			const cells = [one.p50, one.p99, one.most, one.clockP50, one.clockP99, one.cycleP50, one.cycleP99].map(text);
			return `| ${one.depth.toLocaleString('en')} | ${cells.join(' | ')} |`;
		});
		return {
			figures,
			plots: {
				'decision-cost': barPlot({
					title: 'Cost of one decision by tasks in line',
					xLabel: 'tasks in line',
					yLabel: 'microseconds',
					series: ['p50', 'p99'],
					groups: costs.map(({ depth, p50, p99 }) => ({ name: depth.toLocaleString('en'), values: [p50, p99] })),
				}),
			},
			tables: [
				[
					`Microseconds; ${decisions.toLocaleString('en')} decisions each. The first columns are CPU time of the process (garbage collection included), so that other work on the machine does not count; then the same decisions by the clock; last the release, the enqueue and the decision together, by the clock.`,
					'',
					'| in line | p50 | p99 | longest | by the clock: p50 | p99 | all three: p50 | p99 |',
					'|--:|--:|--:|--:|--:|--:|--:|--:|',
					...rows,
				].join('\n'),
			],
		};
	},
};
