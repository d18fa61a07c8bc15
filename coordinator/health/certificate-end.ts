import { X509Certificate } from 'node:crypto';

/** When the first certificate of a PEM ends; null when it is none, which whoever listens with it tells. */
export const certificateEnd = (pem: Buffer): number | null => {
	try {
		return Date.parse(new X509Certificate(pem).validTo);
	} catch {
		return null;
	}
};
