import { setTimeout as pause } from 'node:timers/promises';
import { allOver } from '../support/all-over.ts';
import { accountViolations } from '../support/check-accounts.ts';
import { invariantViolations } from '../support/check-invariants.ts';
import type { SeededRandom } from '../support/seeded-random.ts';
import { type RunningAgents, startAgents } from '../support/start-agents.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';
import { MixedLoad } from './mixed-load.ts';
import { Samples } from './samples.ts';

export interface SoakPlan {
	/** First without kills, since a leak is seen best in one long life; then with them. */
	steadyMs: number;
	killedMs: number;
	killEveryMs: number;
	/** Tasks a second. */
	rate: number;
	agents: number;
	sampleMs: number;
	random: SeededRandom;
	/** Told what goes on. */
	note?: (what: string) => void;
	/** Shown what was seen before the first kill. */
	onSteady?: (seen: { samples: Samples; tasks: number; seconds: number }) => void;
}

export interface SoakOutcome {
	samples: Samples;
	/** Of the load, from its begin to its end. */
	loadSeconds: number;
	tasks: number;
	uploads: number;
	/** Requests that were cut by a kill. */
	cut: number;
	kills: number;
	/** From the start after a kill until the coordinator was ready. */
	slowestStartMs: number;
	/** Sentences; none when all holds. */
	violations: string[];
}

/** How long things take is measured, not asserted: on a busy machine a start takes minutes. */
const PATIENCE_MS = 600_000;

/** In halves of a cent and the like, so that amounts are cut to whole units all the time. */
const PRICES = {
	prices: { attempt: 7, cpuSecond: 1_234_567, wallSecond: 89, memoryGibHour: 4_321, gibIn: 1_000_003, request: 1 },
	classFactors: { standard: '1.3333' },
};

/** Real processes under a steady, mixed load, killed all at once again and again; in the end everything is checked. */
export const soak = async (plan: SoakPlan): Promise<SoakOutcome> => {
	const { random, note = () => {} } = plan;
	await using coordinator = await startCoordinator({ readyWithinMs: PATIENCE_MS });
	await coordinator.api.post('/admin/price-book', PRICES);
	const each = Array.from({ length: plan.agents }, (_, i) => ({
		name: `agent-${i + 1}`,
		concurrency: 2,
		readyWithinMs: PATIENCE_MS,
	}));
	await using agents = await startAgents(coordinator, each);
	const anna = await coordinator.newUser('anna');
	using samples = new Samples(coordinator, agents.all, plan.sampleMs);
	const load = await MixedLoad.start(anna, random, plan.rate);
	const startedAt = samples.seconds;
	const readyMs: number[] = [];
	try {
		await pause(plan.steadyMs);
		plan.onSteady?.({ samples, tasks: load.tasks, seconds: samples.seconds - startedAt });
		for (let left = plan.killedMs; left > 0; left -= plan.killEveryMs) {
			samples.nextLife();
			readyMs.push(await killAll(coordinator, agents));
			note(`killed ${readyMs.length} times, ready again after ${Math.round(readyMs.at(-1) ?? 0)} ms`);
			await pause(Math.min(left, plan.killEveryMs));
		}
	} finally {
		await load.end();
	}
	load.throwFailure();
	const loadSeconds = samples.seconds - startedAt;
	note(`${load.tasks} tasks were asked for; waiting for the last`);
	await allOver(anna, PATIENCE_MS);
	samples[Symbol.dispose]();
	await Promise.all(agents.all.map((agent) => agent.stop(PATIENCE_MS)));
	await coordinator.stop();
	note('checking');
	const { history } = load;
	const violations = await invariantViolations({ data: coordinator.data, history });
	return {
		...{ samples, loadSeconds, tasks: load.tasks, uploads: history.acknowledgedFiles.length },
		...{ cut: history.count('unknown'), kills: readyMs.length, slowestStartMs: Math.max(0, ...readyMs) },
		violations: [...violations, ...(await accountViolations(coordinator.data))],
	};
};

/** Ends every process at the same moment, and starts all of them again. */
const killAll = async (coordinator: RunningCoordinator, agents: RunningAgents): Promise<number> => {
	await Promise.all([coordinator.kill(), ...agents.all.map((agent) => agent.kill())]);
	const [readyMs] = await Promise.all([coordinator.restart(), ...agents.all.map((agent) => agent.restart())]);
	return readyMs;
};
