import { hash, randomBytes } from 'node:crypto';

/** Session cookies and tokens: 256 random bits. */
const SECRET_BYTES = 32;
const TOKEN_PREFIX = 'mrt_';
/** Crockford's base 32: no letter looks like a digit. A group of 5 characters is 25 bits. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const GROUP_LENGTH = 5;
const PASSWORD_GROUPS = 5;
/** 75 bits: people type them, and each is good once. */
const RECOVERY_GROUPS = 3;

/** What a session cookie carries. */
export const newSessionSecret = (): string => randomBytes(SECRET_BYTES).toString('base64url');

/** An API token's text: the prefix lets scanners of leaked secrets know it. */
export const newTokenSecret = (): string => TOKEN_PREFIX + randomBytes(SECRET_BYTES).toString('base64url');

/** Random groups that a person can copy by hand. */
const newGroups = (groups: number): string => {
	const characters = Array.from(randomBytes(groups * GROUP_LENGTH), (byte) => ALPHABET[byte & 31]).join('');
	return characters.match(/.{5}/g)!.join('-');
};

/** Groups as they are meant, however they were typed: capitals, spaces, look-alikes. Null when it cannot be some. */
const readGroups = (typed: string, groups: number): string | null => {
	const plain = typed.toLowerCase().replace(/[\s-]/g, '').replaceAll('o', '0').replace(/[il]/g, '1');
	return plain.length === groups * GROUP_LENGTH && /^[0-9a-hjkmnp-tv-z]+$/.test(plain) ? plain : null;
};

/** A password for one program. */
export const newAppPassword = (): string => newGroups(PASSWORD_GROUPS);
export const readAppPassword = (typed: string): string | null => readGroups(typed, PASSWORD_GROUPS);

/** What gets one in once, without the second factor. */
export const newRecoveryCode = (): string => newGroups(RECOVERY_GROUPS);
export const readRecoveryCode = (typed: string): string | null => readGroups(typed, RECOVERY_GROUPS);

export const isSessionSecret = (text: string): boolean => text.length === 43 && /^[\w-]+$/.test(text);
export const isTokenSecret = (text: string): boolean => text.length === 47 && text.startsWith(TOKEN_PREFIX);

/**
 * SHA-256 of a secret in base 64. Secrets are stored and looked up by it only: with 125 random bits and more nothing
 * slower is needed, and what the time of a look-up could tell is about the digest of a guess, not about the secret.
 */
export const digestOf = (secret: string): string => hash('sha256', secret, 'base64');

/** A digest as it stands in the ledger. */
export const digestBytes = (digest: string): Uint8Array => Buffer.from(digest, 'base64');
