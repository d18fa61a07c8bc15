import { join } from 'node:path';
import type { Profile, ProfileDraft, Sight } from '../../bridge.ts';
import { Lines } from './lines.ts';
import { PassOn } from './pass-on.ts';
import { Pins } from './pins.ts';
import { Profiles } from './profiles.ts';
import { type Seal, Sessions } from './sessions.ts';
import { lookAt } from './sight.ts';

/** All that is known of coordinators: where they are, by which certificate, and who is signed in there. */
export class KnownCoordinators {
	readonly profiles: Profiles;
	readonly sessions: Sessions;
	readonly lines: Lines;
	readonly passOn: PassOn;
	readonly #pins: Pins;
	readonly #version: string;

	constructor(options: {
		folder: string;
		seal: Seal;
		version: string;
		onBroken(sentence: string): void;
		/** A certificate was refused, or is not any more. */
		onJudged(): void;
	}) {
		const { folder, onBroken, version } = options;
		this.#version = version;
		this.profiles = new Profiles(join(folder, 'coordinators.json'), onBroken);
		this.#pins = new Pins(join(folder, 'certificates.json'), onBroken);
		this.sessions = new Sessions(join(folder, 'sessions.json'), options.seal, onBroken);
		this.lines = new Lines(this.#pins, options.onJudged);
		const userAgent = `Millrace console ${version} (${process.platform})`;
		this.passOn = new PassOn({ lines: this.lines, sessions: this.sessions, userAgent });
	}

	get current(): Profile | null {
		return this.profiles.current;
	}

	get isRefused(): boolean {
		return this.current !== null && this.#pins.refusedOf(this.current.id) !== null;
	}

	/** The approved certificate, for programs that are told what to trust. */
	pemOf({ id }: Profile): string | null {
		return this.#pins.of(id)?.pem ?? null;
	}

	save(draft: ProfileDraft): Profile {
		const { profile, moved } = this.profiles.save(draft);
		// Another server: what was approved and who is signed in there is not known of this one.
		if (moved) this.#forgetTies(profile.id);
		else this.lines.cut(profile.id);
		return profile;
	}

	forget(id: string): void {
		this.profiles.forget(id);
		this.#forgetTies(id);
	}

	lookAt(id: string): Promise<Sight> {
		return lookAt(this.profiles.get(id), { passOn: this.passOn, pins: this.#pins, version: this.#version });
	}

	approve(id: string, fingerprint: string): void {
		this.profiles.get(id);
		this.#pins.approve(id, fingerprint, new Date().toISOString());
		this.lines.cut(id);
	}

	#forgetTies(id: string): void {
		this.#pins.forget(id);
		this.sessions.forget(id);
		this.lines.cut(id);
	}
}
