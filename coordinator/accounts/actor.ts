import type { Role, TokenScope } from '../../shared/protocol/account.ts';
import type { Doer } from '../audit/doer.ts';

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
	/** Where the request came from, as audited. */
	address: string;
}

export const doerOf = (actor: Actor): Doer => ({ actor: actor.userId, address: actor.address });
