import { CodedError } from '../../shared/coded-error.ts';
import { MAX_NAME_BYTES } from './safe-path.ts';

const MOST_TRIES = 1_000;

/** A name like the wanted one: `photo (2).jpg`. */
export const numberedName = (wanted: string, number: number): string => {
	const dot = wanted.lastIndexOf('.');
	// Neither `.profile` nor a very long ending has an extension.
	const cut = dot > 0 && wanted.length - dot <= 16 ? dot : wanted.length;
	const ending = ` (${number})${wanted.slice(cut)}`;
	return shorten(wanted.slice(0, cut), MAX_NAME_BYTES - Buffer.byteLength(ending)) + ending;
};

/** A name like the wanted one that is free. */
export const freeName = (wanted: string, isTaken: (name: string) => boolean): string => {
	for (let n = 2; n <= MOST_TRIES; n++) {
		const name = numberedName(wanted, n);
		if (!isTaken(name)) return name;
	}
	throw new CodedError('name-taken', `There are already ${MOST_TRIES} things named like ${wanted}.`);
};

/** As much of the text's beginning as fits, never half a character. */
const shorten = (text: string, bytes: number): string => {
	let short = text;
	while (Buffer.byteLength(short) > bytes) short = [...short].slice(0, -1).join('');
	return short;
};
