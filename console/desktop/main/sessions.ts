import { z } from 'zod';
import { JsonFile } from './json-file.ts';
import { profileIdSchema } from './profiles.ts';

/** The system's own place for secrets, as Electron gives it. */
export interface Seal {
	isGood(): boolean;
	encrypt(text: string): Buffer;
	decrypt(sealed: Buffer): string;
}

/** The session's cookie, with TLS or on this machine, and without. */
const COOKIE = /^(__Host-millrace|millrace)=([\w-]{0,200})(?:;|$)/;

/**
 * The session's cookie of each coordinator. The page never sees it. It outlives the program where the system can seal
 * it; elsewhere it is kept in memory alone, and one signs in anew.
 */
export class Sessions {
	readonly #file: JsonFile<Record<string, string>>;
	readonly #seal: Seal;
	readonly #cookies = new Map<string, string>();

	constructor(path: string, seal: Seal, onBroken: (sentence: string) => void) {
		this.#seal = seal;
		const schema = z.record(profileIdSchema, z.string().max(10_000));
		this.#file = new JsonFile({ path, schema, empty: {}, onBroken });
		if (!seal.isGood()) return;
		for (const [id, sealed] of Object.entries(this.#file.value)) {
			try {
				this.#cookies.set(id, seal.decrypt(Buffer.from(sealed, 'base64')));
			} catch {
				// Sealed by another user or on another machine: as good as none.
			}
		}
	}

	get outliveUs(): boolean {
		return this.#seal.isGood();
	}

	/** What to send as Cookie; null when nobody is signed in. */
	of(profileId: string): string | null {
		return this.#cookies.get(profileId) ?? null;
	}

	/** Takes in what an answer has set. */
	hear(profileId: string, setCookies: readonly string[]): void {
		for (const text of setCookies) {
			const [, name, value] = COOKIE.exec(text) ?? [];
			if (name === undefined) continue;
			if (value === '' || value === undefined || /;\s*max-age=0\s*(;|$)/i.test(text)) this.forget(profileId);
			else this.#keep(profileId, `${name}=${value}`);
		}
	}

	forget(profileId: string): void {
		this.#cookies.delete(profileId);
		this.#write();
	}

	#keep(profileId: string, cookie: string): void {
		this.#cookies.set(profileId, cookie);
		this.#write();
	}

	#write(): void {
		if (!this.#seal.isGood()) return;
		const sealed = [...this.#cookies].map(([id, cookie]) => [id, this.#seal.encrypt(cookie).toString('base64')]);
		try {
			this.#file.write(Object.fromEntries(sealed));
		} catch (error) {
			// A full disk must not keep anybody from signing in or out: memory counts until the program ends.
			console.error('the session could not be kept:', error);
		}
	}
}
