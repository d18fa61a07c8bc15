import { readHealth } from '../../../shared/client/health.ts';
import { HttpClient } from '../../../shared/client/http-client.ts';
import { CodedError } from '../../../shared/coded-error.ts';
import type { HealthCheck } from '../../../shared/protocol/health.ts';
import type { Profile } from '../../bridge.ts';
import { APP_ORIGIN } from './address.ts';
import type { PassOn } from './pass-on.ts';

const EVERY_MS = 30_000;
const ONE_TRY = { tries: 1, firstMs: 0, mostMs: 0 };

/** Something that is not well, in words. */
export interface Trouble {
	name: string;
	state: 'warn' | 'fail';
	what: string;
}

/** How a coordinator is. unknown: nobody is signed in, or whoever is may not see it */
export type Standing = { kind: 'unknown' } | { kind: 'known'; troubles: readonly Trouble[] };

const isTrouble = (check: HealthCheck): check is HealthCheck & { state: 'warn' | 'fail' } =>
	check.state === 'warn' || check.state === 'fail';

/** What the second standing has that the first had not. The first one of all is news to nobody: the screen shows it. */
export const newTroubles = (before: Standing, now: Standing): readonly Trouble[] => {
	if (before.kind === 'unknown' || now.kind === 'unknown') return [];
	const known = new Map(before.troubles.map(({ name, state }) => [name, state]));
	return now.troubles.filter(({ name, state }) => known.get(name) !== state && known.get(name) !== 'fail');
};

interface WatchParts {
	passOn: PassOn;
	current(): Profile | null;
	isSignedIn(profile: Profile): boolean;
	onStanding(standing: Standing, news: readonly Trouble[], profile: Profile | null): void;
}

/** Looks every half minute how the current coordinator is, for the tray and for notifications. */
export class HealthWatch implements Disposable {
	readonly #parts: WatchParts;
	#timer: NodeJS.Timeout | undefined;
	#standing: Standing = { kind: 'unknown' };
	#of: string | null = null;
	#isLooking = false;

	constructor(parts: WatchParts) {
		this.#parts = parts;
	}

	start(): void {
		this.#timer = setInterval(() => void this.look(), EVERY_MS);
		void this.look();
	}

	[Symbol.dispose](): void {
		clearInterval(this.#timer);
	}

	/** Also to be called when another coordinator was chosen. */
	async look(): Promise<void> {
		if (this.#isLooking) return;
		this.#isLooking = true;
		const profile = this.#parts.current();
		try {
			const standing = await this.#read(profile);
			if (this.#parts.current()?.id !== profile?.id) return;
			const before: Standing = this.#of === (profile?.id ?? null) ? this.#standing : { kind: 'unknown' };
			this.#of = profile?.id ?? null;
			this.#standing = standing;
			this.#parts.onStanding(standing, newTroubles(before, standing), profile);
		} finally {
			this.#isLooking = false;
		}
	}

	async #read(profile: Profile | null): Promise<Standing> {
		if (profile === null || !this.#parts.isSignedIn(profile)) return { kind: 'unknown' };
		const fetch = this.#parts.passOn.fetchFor(profile);
		const http = new HttpClient({ baseUrl: APP_ORIGIN, auth: { kind: 'none' }, retry: ONE_TRY, fetch });
		try {
			const { checks } = await readHealth(http);
			return {
				kind: 'known',
				troubles: checks.filter(isTrouble).map(({ name, state, what }) => ({ name, state, what })),
			};
		} catch (error) {
			const isOurs = error instanceof CodedError && ['unauthenticated', 'forbidden'].includes(error.code);
			if (isOurs) return { kind: 'unknown' };
			const what = error instanceof Error ? error.message : 'It does not answer.';
			return { kind: 'known', troubles: [{ name: 'unreachable', state: 'fail', what }] };
		}
	}
}
