import { readHealth } from '../../../shared/client/health.ts';
import { HttpClient } from '../../../shared/client/http-client.ts';
import { CodedError } from '../../../shared/coded-error.ts';
import type { HealthCheck } from '../../../shared/protocol/health.ts';
import type { Profile } from '../../bridge.ts';
import { APP_ORIGIN } from './address.ts';
import type { PassOn } from './pass-on.ts';

const EVERY_MS = 30_000;
/** A look is given up then: an answer may come in drops. */
const LOOK_MS = 20_000;
/** What a coordinator says goes into notifications. */
const MOST_CHARACTERS = 300;
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

const cut = (text: string): string => (text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS - 1)}…` : text);

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
	/** The look under way, and at which coordinator. */
	#look: { of: string | null; end: AbortController } | null = null;

	constructor(parts: WatchParts) {
		this.#parts = parts;
	}

	start(): void {
		this.#timer = setInterval(() => void this.look(), EVERY_MS);
		void this.look();
	}

	[Symbol.dispose](): void {
		clearInterval(this.#timer);
		this.#look?.end.abort();
	}

	/** Also to be called when another coordinator was chosen: a look at the one before ends then. */
	async look(): Promise<void> {
		const profile = this.#parts.current();
		const of = profile?.id ?? null;
		if (this.#look?.of === of) return;
		this.#look?.end.abort();
		const look = { of, end: new AbortController() };
		this.#look = look;
		try {
			const standing = await this.#read(profile, look.end.signal);
			if (look.end.signal.aborted || (this.#parts.current()?.id ?? null) !== of) return;
			const before: Standing = this.#of === of ? this.#standing : { kind: 'unknown' };
			this.#of = of;
			this.#standing = standing;
			this.#parts.onStanding(standing, newTroubles(before, standing), profile);
		} finally {
			if (this.#look === look) this.#look = null;
		}
	}

	async #read(profile: Profile | null, end: AbortSignal): Promise<Standing> {
		if (profile === null || !this.#parts.isSignedIn(profile)) return { kind: 'unknown' };
		const fetch = this.#parts.passOn.fetchFor(profile);
		const http = new HttpClient({ baseUrl: APP_ORIGIN, auth: { kind: 'none' }, retry: ONE_TRY, fetch });
		const limit = AbortSignal.timeout(LOOK_MS);
		try {
			const { checks } = await readHealth(http, { signal: AbortSignal.any([end, limit]) });
			return {
				kind: 'known',
				troubles: checks.filter(isTrouble).map(({ name, state, what }) => ({ name, state, what: cut(what) })),
			};
		} catch (error) {
			const isOurs = error instanceof CodedError && ['unauthenticated', 'forbidden'].includes(error.code);
			if (isOurs) return { kind: 'unknown' };
			const said = error instanceof Error ? error.message : 'It does not answer.';
			const what = limit.aborted ? `${profile.url} does not finish its answers. It may be overloaded.` : said;
			return { kind: 'known', troubles: [{ name: 'unreachable', state: 'fail', what: cut(what) }] };
		}
	}
}
