import { z } from 'zod';
import type { Profile, ShownCertificate, Sight } from '../../bridge.ts';
import { APP_ORIGIN } from './address.ts';
import type { PassOn } from './pass-on.ts';
import type { Pins, SeenCertificate } from './pins.ts';

const healthySchema = z.object({
	status: z.literal('ok'),
	version: z
		.string()
		.regex(/^\d{1,6}\.\d{1,6}\.\d{1,6}/)
		.max(60),
});
const problemSchema = z.object({ code: z.string(), detail: z.string() });

/** Until it says who it is: somebody waits for that, and it is little work. */
const LOOK_MS = 15_000;

const shown = ({ pem: _, ...certificate }: SeenCertificate): ShownCertificate => certificate;

/** The part of a version that tells whether two fit: of 0.3.1 it is 0.3, of 2.3.1 it is 2. */
const generation = (version: string): [number, number] => {
	const [major = 0, minor = 0] = version.split('.').map(Number);
	return [major, major === 0 ? minor : 0];
};

/** What does not fit between a coordinator and this console, in a sentence; null when they do. */
export const otherVersion = (theirs: string, ours: string): string | null => {
	const [a, b] = [generation(theirs), generation(ours)];
	const difference = a[0] - b[0] || a[1] - b[1];
	if (difference === 0) return null;
	return difference > 0
		? `The coordinator (${theirs}) is newer than this console (${ours}): some of what it has is not shown, and some acts may be refused. Install the newer console.`
		: `The coordinator (${theirs}) is older than this console (${ours}): some screens will find nothing there. Upgrade the coordinator, or use the console that came with it at its own address.`;
};

/** Asks a coordinator who it is. */
export const lookAt = async (
	profile: Profile,
	{ passOn, pins, version }: { passOn: PassOn; pins: Pins; version: string },
): Promise<Sight> => {
	const limit = AbortSignal.timeout(LOOK_MS);
	const answer = await passOn.fetchFor(profile)(`${APP_ORIGIN}/healthz`, { signal: limit });
	if (limit.aborted)
		return { kind: 'trouble', detail: `${profile.url} takes connections and says nothing. It may be overloaded.` };
	const body: unknown = await answer.json().catch(() => null);
	const refused = pins.refusedOf(profile.id);
	if (refused !== null) {
		const pin = pins.of(profile.id);
		const certificate = shown(refused);
		return pin === null
			? { kind: 'new-certificate', certificate }
			: { kind: 'other-certificate', certificate, approved: pin.fingerprint, approvedAt: pin.approvedAt };
	}
	const healthy = healthySchema.safeParse(body);
	if (answer.ok && healthy.success) {
		const detail = otherVersion(healthy.data.version, version);
		const { version: theirs } = healthy.data;
		return detail === null ? { kind: 'fine', version: theirs } : { kind: 'other-version', version: theirs, detail };
	}
	const problem = problemSchema.safeParse(body);
	if (problem.success) return { kind: 'trouble', detail: problem.data.detail };
	return {
		kind: 'trouble',
		detail: `Something answers at ${profile.url}, but it is not a Millrace coordinator. Check the address.`,
	};
};
