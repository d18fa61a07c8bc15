import type { CheckName, HealthCheck } from '../../shared/protocol/health.ts';

export const BEGINNINGS_KEPT_MS = 60 * 60_000;
/** More than this tells nothing new. */
const MOST_KEPT = 10;

/** How often each check has begun to warn or fail within the last hour. */
export class Beginnings {
	readonly #wrong = new Set<CheckName>();
	readonly #times = new Map<CheckName, number[]>();

	note(checks: readonly HealthCheck[], at: number): void {
		for (const { name, state } of checks) {
			const isWrong = state === 'warn' || state === 'fail';
			const times = (this.#times.get(name) ?? []).filter((time) => at - time < BEGINNINGS_KEPT_MS);
			if (isWrong && !this.#wrong.has(name)) times.push(at);
			if (isWrong) this.#wrong.add(name);
			else this.#wrong.delete(name);
			this.#times.set(name, times.slice(-MOST_KEPT));
		}
	}

	count(name: CheckName): number {
		return this.#times.get(name)?.length ?? 0;
	}
}
