import { Secret, TOTP } from 'otpauth';

/** What every authenticator app knows (RFC 6238 with SHA-1); other values are ignored by many of them. */
const SHAPE = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
/** RFC 4226 wants as many as the hash has. */
const SECRET_BYTES = 20;
/** Clocks may be so many steps apart, either way. */
const WINDOW = 1;

/** In base 32, as people can type it. */
export const newTotpSecret = (): string => new Secret({ size: SECRET_BYTES }).base32;

/** What an app reads as a QR code. */
export const totpUri = (secret: string, who: { issuer: string; username: string }): string =>
	new TOTP({ ...SHAPE, issuer: who.issuer, label: who.username, secret: Secret.fromBase32(secret) }).toString();

/** The step that a code is of; null when it is of none about now. */
export const stepOfCode = (secret: string, code: string, now: number): number | null => {
	const delta = TOTP.validate({
		...SHAPE,
		...{ token: code, secret: Secret.fromBase32(secret), window: WINDOW, timestamp: now },
	});
	return delta === null ? null : TOTP.counter({ period: SHAPE.period, timestamp: now }) + delta;
};

/** The digits of a code however it was typed; null when it cannot be one. */
export const readTotpCode = (typed: string): string | null => {
	const plain = typed.replace(/[\s-]/g, '');
	return /^\d{6}$/.test(plain) ? plain : null;
};
