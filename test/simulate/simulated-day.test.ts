import { describe, expect, it } from 'vitest';
import { POLICY, SCENARIOS } from './catalog.ts';
import { isReached } from './scenario.ts';

describe('the simulated day, in short', () => {
	it.each(POLICY.map((scenario) => [scenario.name, scenario] as const))('%s reaches its bars', (_, scenario) => {
		const { figures } = scenario.play({ scale: 0.1, seed: 7 });
		expect(figures.filter(({ bar }) => bar)).not.toEqual([]);
		for (const figure of figures) expect(isReached(figure), `${figure.what}: ${figure.value}`).toBe(true);
	});

	it('plays a big fleet to its end', () => {
		const bigFleet = SCENARIOS.find(({ name }) => name === 'big-fleet')!;
		const { figures } = bigFleet.play({ scale: 0.01, seed: 7 });
		expect(figures.find(({ what }) => what === 'never started')?.value).toBe(0);
		expect(figures.find(({ what }) => what === 'tasks started')?.value).toBe(10_000);
	});
});
