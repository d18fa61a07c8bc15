import type { Role, TokenScope } from '../../shared/protocol/account.ts';
import type { Doer } from '../audit/doer.ts';

/** How much a session is worth at this moment. */
export interface SessionFacts {
	/** When the password was last shown, with the code of the second factor where there is one. */
	confirmedAt: number;
	/** The role needs a second factor and there is none: nothing can be done but to set one up. */
	mustEnrol: boolean;
}

/** Who is asking, and by what right. Made by `authenticate`, read by `may`. */
export interface Actor {
	userSeq: number;
	userId: string;
	username: string;
	role: Role;
	via: 'session' | 'token' | 'app-password';
	/** What the token allows; null means all that the role allows. */
	scopes: readonly TokenScope[] | null;
	/** Public id of the session or credential, for lists and for ending it. */
	credentialId: string;
	/** Of a session only. */
	session?: SessionFacts;
	/** Where the request came from, as audited. */
	address: string;
}

export const doerOf = (actor: Actor): Doer => ({ actor: actor.userId, address: actor.address });
