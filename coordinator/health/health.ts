import type { CheckName, CheckState, HealthCheck, HealthView } from '../../shared/protocol/health.ts';
import type { Logger } from '../report/logger.ts';
import type { Finding } from './check.ts';
import { findingsOf } from './checks.ts';
import type { HealthFacts } from './facts.ts';

const EVERY_MS = 15_000;

/** A check that is in another state than before. */
export interface HealthChange extends Finding {
	was: CheckState | null;
	at: number;
}

/** Makes all checks again and again, and remembers since when each is as it is. */
export class Health implements AsyncDisposable {
	readonly #facts: () => Promise<HealthFacts>;
	readonly #version: string;
	readonly #logger: Logger;
	readonly #timer: NodeJS.Timeout;
	readonly #states = new Map<CheckName, { state: CheckState; since: number }>();
	#looking: Promise<HealthView> | null = null;
	/** The worst state that the last look found. */
	lastState: HealthView['state'] = 'ok';
	/** What the last look was made of. */
	lastFacts: HealthFacts | null = null;
	/** What is known of upkeep, which is built later. */
	upkeep: () => Promise<Pick<HealthFacts, 'backup' | 'damaged' | 'chores' | 'mail'>> = async () => ({});
	/** Hears of every look, with what has changed since the look before. */
	onLooked: (view: HealthView, changes: readonly HealthChange[]) => void = () => {};

	constructor(options: { facts: () => Promise<HealthFacts>; version: string; logger: Logger; everyMs?: number }) {
		this.#facts = options.facts;
		this.#version = options.version;
		this.#logger = options.logger;
		this.#timer = setInterval(
			() => void this.look().catch((error) => this.#failed(error)),
			options.everyMs ?? EVERY_MS,
		);
		this.#timer.unref();
	}

	/** Makes all checks now; whoever asks while they are made waits for the same. */
	look(): Promise<HealthView> {
		this.#looking ??= this.#look().finally(() => {
			this.#looking = null;
		});
		return this.#looking;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		clearInterval(this.#timer);
		await this.#looking?.catch(() => {});
	}

	async #look(): Promise<HealthView> {
		const facts = { ...(await this.#facts()), ...(await this.upkeep().catch((error) => this.#notKnown(error))) };
		this.lastFacts = facts;
		const changes: HealthChange[] = [];
		const checks = findingsOf(facts).map((finding): HealthCheck => {
			const known = this.#states.get(finding.name);
			const isSame = known?.state === finding.state;
			const since = isSame ? known.since : facts.now;
			if (!isSame) {
				this.#states.set(finding.name, { state: finding.state, since });
				changes.push({ ...finding, was: known?.state ?? null, at: facts.now });
			}
			return { ...finding, since: new Date(since).toISOString() };
		});
		const view: HealthView = {
			state: worstOf(checks),
			at: new Date(facts.now).toISOString(),
			version: this.#version,
			checks,
		};
		this.lastState = view.state;
		this.onLooked(view, changes);
		return view;
	}

	/** It is asked of the ledger, and when that does not answer the checks have to say so. */
	#notKnown(error: unknown): Record<never, never> {
		this.#logger.warn({ err: error }, 'how upkeep goes could not be found out');
		return {};
	}

	#failed(error: unknown): void {
		this.#logger.error({ err: error }, 'the checks could not be made');
	}
}

const worstOf = (checks: readonly HealthCheck[]): HealthView['state'] => {
	if (checks.some(({ state }) => state === 'fail')) return 'fail';
	return checks.some(({ state }) => state === 'warn') ? 'warn' : 'ok';
};
