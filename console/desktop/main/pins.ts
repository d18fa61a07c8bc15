import type { TLSSocket } from 'node:tls';
import { z } from 'zod';
import type { ShownCertificate } from '../../bridge.ts';
import { JsonFile } from './json-file.ts';
import { profileIdSchema } from './profiles.ts';

/** A certificate that a coordinator has shown. */
export interface SeenCertificate extends ShownCertificate {
	pem: string;
}

const pinSchema = z.object({
	fingerprint: z.string().regex(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/),
	/** For programs that can be told what to trust, such as an agent on this machine. */
	pem: z.string().max(100_000),
	approvedAt: z.string(),
});
type Pin = z.infer<typeof pinSchema>;

/** It is not the certificate that somebody has approved of; nothing was sent. */
export class CertificateRefused extends Error {
	readonly certificate: SeenCertificate;
	/** What was approved of before; null when nothing was. */
	readonly pin: Pin | null;

	constructor(certificate: SeenCertificate, pin: Pin | null) {
		super(
			pin === null
				? `Nobody has approved of the coordinator’s certificate yet. Its fingerprint is ${certificate.fingerprint}. Compare it with the coordinator’s own and approve of it under Coordinators.`
				: `The coordinator shows another certificate than the one you approved of, and nothing was sent to it. Approved: ${pin.fingerprint}. Shown now: ${certificate.fingerprint}. If it was renewed, approve of the new one under Coordinators; if nobody knows of that, somebody may be listening in between.`,
		);
		this.name = 'CertificateRefused';
		this.certificate = certificate;
		this.pin = pin;
	}
}

/** Which certificate each coordinator is known by. The first one is approved by a person, any other one is refused. */
export class Pins {
	readonly #file: JsonFile<Record<string, Pin>>;
	/** What was shown and refused last; only that can be approved of. */
	readonly #refused = new Map<string, SeenCertificate>();

	constructor(path: string, onBroken: (sentence: string) => void) {
		this.#file = new JsonFile({ path, schema: z.record(profileIdSchema, pinSchema), empty: {}, onBroken });
	}

	of(profileId: string): Pin | null {
		return Object.hasOwn(this.#file.value, profileId) ? (this.#file.value[profileId] ?? null) : null;
	}

	/** What it showed last, when that is not approved of. */
	refusedOf(profileId: string): SeenCertificate | null {
		return this.#refused.get(profileId) ?? null;
	}

	/** Null when it is the approved one, which is as good as it was when somebody looked at it. */
	judge(profileId: string, certificate: SeenCertificate): CertificateRefused | null {
		const pin = this.of(profileId);
		if (pin !== null && pin.fingerprint === certificate.fingerprint) {
			this.#refused.delete(profileId);
			return null;
		}
		this.#refused.set(profileId, certificate);
		return new CertificateRefused(certificate, pin);
	}

	approve(profileId: string, fingerprint: string, approvedAt: string): void {
		const seen = this.#refused.get(profileId);
		if (seen === undefined || seen.fingerprint !== fingerprint)
			throw new Error('It shows another certificate by now. Look at it again.');
		this.#file.write({ ...this.#file.value, [profileId]: { fingerprint, pem: seen.pem, approvedAt } });
		this.#refused.delete(profileId);
	}

	forget(profileId: string): void {
		const { [profileId]: _, ...others } = this.#file.value;
		this.#refused.delete(profileId);
		if (this.of(profileId) !== null) this.#file.write(others);
	}
}

/** What the other end of a connection has shown. */
export const certificateOf = (socket: TLSSocket): SeenCertificate => {
	const shown = socket.getPeerX509Certificate();
	if (shown === undefined) throw new Error('The coordinator showed no certificate.');
	return {
		fingerprint: shown.fingerprint256,
		subject: oneLine(shown.subject),
		issuer: oneLine(shown.issuer),
		validFrom: shown.validFrom,
		validTo: shown.validTo,
		isVouched: socket.authorized,
		pem: shown.toString(),
	};
};

/** The names in it are whatever somebody wrote there. */
const oneLine = (names: string | undefined): string => (names ?? '').replaceAll(/\p{C}+/gu, ', ').slice(0, 300);
