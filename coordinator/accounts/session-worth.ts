import { CodedError } from '../../shared/coded-error.ts';
import type { Actor } from './actor.ts';
import { NotAllowed } from './not-allowed.ts';
import type { ObjectKind, Verb } from './permissions.ts';

/** For so long a password that was shown is good for privileged acts. */
const FRESH_MS = 10 * 60_000;

/** Throws `second-factor-enrolment-required` for a session that must set up a second factor before anything else. */
export const requireEnrolled = ({ session }: Actor): void => {
	if (!session?.mustEnrol) return;
	throw new CodedError(
		'second-factor-enrolment-required',
		'Your role needs a second factor, and you have none. Set one up in the portal under Account.',
	);
};

/** Throws `reauth-required` for a session whose person has not shown the password lately: the browser may be left open. */
export const requireFresh = ({ via, session }: Actor, now: number): void => {
	if (via !== 'session' || now - (session?.confirmedAt ?? 0) <= FRESH_MS) return;
	throw new CodedError('reauth-required', 'Confirm your password first: this is asked again after ten minutes.');
};

/** Throws `session-required` for a token: what is asked for changes how one signs in, and a token may be stolen. */
export const requireSession = (actor: Actor, asked: { verb: Verb; kind: ObjectKind }): void => {
	if (actor.via === 'session') return;
	const advice = 'Do it in the portal under Account, or by a command that asks for your password.';
	throw new NotAllowed('session-required', { actor, ...asked }, `A token cannot change how you sign in. ${advice}`);
};

/** The same of an administrator's act, where it is on their own account. */
export const requireSessionForOwn = (actor: Actor, userId: string): void => {
	if (actor.userId === userId) requireSession(actor, { verb: 'write', kind: 'account' });
};
