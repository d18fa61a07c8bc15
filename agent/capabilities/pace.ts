import type { Totals } from './proc-counters.ts';

/** Makes bytes a second out of totals that grow. */
export class Pace {
	#last: { totals: Totals; at: number } | null = null;

	/** Since the look before; null at the first look, and when a total went back (an interface or disk is gone). */
	per(totals: Totals | null, now: number): Totals | null {
		const last = this.#last;
		this.#last = totals && { totals, at: now };
		if (!totals || !last || now <= last.at) return null;
		const seconds = (now - last.at) / 1_000;
		const pace = { in: (totals.in - last.totals.in) / seconds, out: (totals.out - last.totals.out) / seconds };
		return pace.in < 0 || pace.out < 0 ? null : { in: Math.round(pace.in), out: Math.round(pace.out) };
	}
}
