import { randomFillSync } from 'node:crypto';
import { ID_PREFIXES, type IdKind } from '../../shared/protocol/ids.ts';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const POOL = new Uint8Array(16 * 1024);
let used = POOL.length;

/** A new public id: time-ordered to the millisecond, 80 random bits, so that neither order nor guessing leaks more. */
export const newId = (kind: IdKind, now: number = Date.now()): string => {
	if (used + 16 > POOL.length) {
		randomFillSync(POOL);
		used = 0;
	}
	const time = timeInId(now);
	let random = '';
	for (let i = 0; i < 16; i++) random += ALPHABET[POOL[used + i]! & 31];
	used += 16;
	return `${ID_PREFIXES[kind]}_${time}${random}`;
};

/** The first part of a public id that is made then: the least of them. */
export const timeInId = (at: number): string => {
	let time = '';
	for (let left = Math.max(0, at), i = 0; i < 10; i++) {
		time = ALPHABET[left % 32] + time;
		left = Math.floor(left / 32);
	}
	return time;
};

/** When a public id was made; null: it is none. */
export const timeOfId = (id: string): number | null => {
	const time = /^[a-z]+_([0-9a-hjkmnp-tv-z]{10})[0-9a-hjkmnp-tv-z]{16}$/.exec(id)?.[1];
	if (time === undefined) return null;
	return [...time].reduce((ms, digit) => ms * 32 + ALPHABET.indexOf(digit), 0);
};
