import { X509Certificate } from 'node:crypto';
import type { CertificateView } from '../../shared/protocol/about.ts';

/** Of a certificate's names so many are told, and of each so many characters. */
const MOST_NAMES = 50;
const MOST_TEXT = 500;

/** What people compare of the first certificate of a PEM; null when it is none. */
export const certificateFacts = (pem: Buffer): CertificateView | null => {
	let found: X509Certificate;
	try {
		found = new X509Certificate(pem);
	} catch {
		return null;
	}
	const { subject, issuer, subjectAltName = '', fingerprint256, validFrom, validTo } = found;
	const inLine = (text: string): string => text.replaceAll('\n', ', ').slice(0, MOST_TEXT);
	return {
		subject: inLine(subject),
		issuer: inLine(issuer),
		names: subjectAltName
			.split(', ')
			.filter((name) => name !== '')
			.slice(0, MOST_NAMES)
			.map((name) => name.replace(/^(DNS|IP Address):/, '').slice(0, MOST_TEXT)),
		fingerprint: fingerprint256,
		startsAt: new Date(validFrom).toISOString(),
		endsAt: new Date(validTo).toISOString(),
	};
};
