import { expect, test } from 'vitest';
import { soak } from '../soak/soak.ts';
import { soakFigures } from '../soak/soak-figures.ts';
import { rounds } from '../support/chaos-length.ts';
import { seededRandom } from '../support/seeded-random.ts';

test('mixed work goes on through kills of every process at once, and in the end all is accounted for', async (context) => {
	const plan = {
		...{ steadyMs: rounds(2_000, 60_000), killedMs: rounds(3_000, 180_000), killEveryMs: rounds(1_500, 30_000) },
		...{ rate: 20, agents: 2, sampleMs: 250, random: seededRandom(context) },
	};
	const outcome = await soak(plan);
	expect(outcome.violations).toEqual([]);
	expect(outcome.kills).toBe(plan.killedMs / plan.killEveryMs);
	expect(outcome.tasks, 'there was work').toBeGreaterThan(50);
	const figures = soakFigures(outcome, plan);
	const figure = (what: string) => figures.find((one) => one.what === what)?.value;
	expect(figure('coordinator: memory without kills, middle')).toBeGreaterThan(10);
	expect(figure('agent-1: memory, most')).toBeGreaterThan(10);
	expect(figure('coordinator: heap in use grows, without kills')).toBeDefined();
	expect(figure('ledger’s log (WAL), most')).toBeLessThan(64);
});
