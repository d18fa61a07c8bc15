/** Hears how much of something is done, from 0 to 1. */
export type Tell = (share: number) => void;

const EVERY_MS = 100;

/** Passes on what it hears, now and then: whoever works tells as often as is handy. Never less than before. */
export const teller = (pass: Tell, now: () => number = Date.now): Tell => {
	let told = -1;
	let next = Number.NEGATIVE_INFINITY;
	return (share) => {
		const bounded = Math.min(1, Math.max(0, share));
		const at = now();
		if (at < next || bounded <= told) return;
		next = at + EVERY_MS;
		told = bounded;
		pass(bounded);
	};
};
