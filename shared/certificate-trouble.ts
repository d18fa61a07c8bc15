/** What keeps a TLS connection from being trusted, until somebody changes something. */
const SENTENCES: Readonly<Record<string, string>> = {
	CERT_HAS_EXPIRED: 'Its certificate has expired.',
	CERT_NOT_YET_VALID: 'Its certificate is not valid yet; is the clock of this machine right?',
	ERR_TLS_CERT_ALTNAME_INVALID: 'Its certificate is for another name; use the name that the certificate was made for.',
	ERR_SSL_WRONG_VERSION_NUMBER: 'It does not speak HTTPS there; is the address http:// or the port another one?',
	ERR_SSL_PACKET_LENGTH_TOO_LONG: 'It does not speak HTTPS there; is the address http:// or the port another one?',
};

const UNKNOWN_ISSUER: readonly string[] = [
	'DEPTH_ZERO_SELF_SIGNED_CERT',
	'SELF_SIGNED_CERT_IN_CHAIN',
	'UNABLE_TO_GET_ISSUER_CERT',
	'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
	'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
];

const TRUST =
	'This machine does not trust its certificate, which is self-signed or of a private authority. If it is yours, copy it here and set NODE_EXTRA_CA_CERTS=cert.pem.';

/** What is wrong with the server's certificate, and what helps, in sentences; null when an error is of another kind. */
export const certificateTrouble = (error: unknown): string | null => {
	// Whoever opens the connection wraps the error, some more than once.
	for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
		const { code } = at as Error & { code?: unknown };
		if (typeof code !== 'string') continue;
		if (UNKNOWN_ISSUER.includes(code)) return TRUST;
		if (Object.hasOwn(SENTENCES, code)) return SENTENCES[code] ?? null;
	}
	return null;
};
