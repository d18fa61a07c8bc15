import { hash, randomBytes } from 'node:crypto';

/** Session cookies and tokens: 256 random bits. */
const SECRET_BYTES = 32;
const TOKEN_PREFIX = 'mrt_';
/** Crockford's base 32: no letter looks like a digit. 5 groups of 5 characters are 125 bits. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const GROUPS = 5;
const GROUP_LENGTH = 5;

/** What a session cookie carries. */
export const newSessionSecret = (): string => randomBytes(SECRET_BYTES).toString('base64url');

/** An API token's text: the prefix lets scanners of leaked secrets know it. */
export const newTokenSecret = (): string => TOKEN_PREFIX + randomBytes(SECRET_BYTES).toString('base64url');

/** A password for one program, in groups that a person can copy by hand. */
export const newAppPassword = (): string => {
	const characters = Array.from(randomBytes(GROUPS * GROUP_LENGTH), (byte) => ALPHABET[byte & 31]).join('');
	return characters.match(/.{5}/g)!.join('-');
};

/** An app password as it is meant, however it was typed: capitals, spaces, look-alikes. Null when it cannot be one. */
export const readAppPassword = (typed: string): string | null => {
	const plain = typed.toLowerCase().replace(/[\s-]/g, '').replaceAll('o', '0').replace(/[il]/g, '1');
	return plain.length === GROUPS * GROUP_LENGTH && /^[0-9a-hjkmnp-tv-z]+$/.test(plain) ? plain : null;
};

export const isSessionSecret = (text: string): boolean => text.length === 43 && /^[\w-]+$/.test(text);
export const isTokenSecret = (text: string): boolean => text.length === 47 && text.startsWith(TOKEN_PREFIX);

/**
 * SHA-256 of a secret in base 64. Secrets are stored and looked up by it only: with 125 random bits and more nothing
 * slower is needed, and what the time of a look-up could tell is about the digest of a guess, not about the secret.
 */
export const digestOf = (secret: string): string => hash('sha256', secret, 'base64');

/** A digest as it stands in the ledger. */
export const digestBytes = (digest: string): Uint8Array => Buffer.from(digest, 'base64');
