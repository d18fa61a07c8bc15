import { Secret, TOTP } from 'otpauth';

const STEP_MS = 30_000;

/** An authenticator app that never shows the same code twice: one step ahead of the clock at most, which is still taken. */
export class CodesOf {
	readonly #secret: Secret;
	readonly #now: () => number;
	#last = 0;

	constructor(secret: string, now: () => number = Date.now) {
		this.#secret = Secret.fromBase32(secret);
		this.#now = now;
	}

	/** The code of so many steps from now. */
	at(steps: number): string {
		return TOTP.generate({ secret: this.#secret, timestamp: this.#now() + steps * STEP_MS });
	}

	/** One that was not shown before; two within a step, and then a step has to pass. */
	next(): string {
		const step = Math.max(Math.floor(this.#now() / STEP_MS), this.#last + 1);
		this.#last = step;
		return TOTP.generate({ secret: this.#secret, timestamp: step * STEP_MS });
	}
}
