import { createHash, randomBytes } from 'node:crypto';
import { CodedError } from '../../shared/coded-error.ts';
import { auditOf, type Doer } from '../audit/doer.ts';
import type { Ledger } from '../database/ledger.ts';
import { newId } from '../database/new-id.ts';
import { createNodeToken, deleteNodeToken, listNodeTokens, type NodeTokenRow } from './node-token-store.ts';

const DEFAULT_LIFE_MS = 3_600_000;
/** A token is for joining, not for keeping: a day is the longest. */
export const MOST_TOKEN_LIFE_MS = 24 * DEFAULT_LIFE_MS;
export const MOST_TOKEN_USES = 1_000;

/** What a new token allows. */
export interface NodeTokenWish {
	/** What nodes that join by it may serve; any queue unless told. */
	queues?: readonly string[] | undefined;
	/** One unless told. */
	uses?: number | undefined;
	/** One hour unless told. */
	expiresInMs?: number | undefined;
}

/** Of a secret of 43 characters so many are kept and shown. */
const ENDING = 4;

/** High entropy, so a plain SHA-256 is enough. */
export const hashNodeToken = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** Tokens by which new nodes join. The ledger alone has them, so that a command beside the coordinator can make some. */
export class NodeTokens {
	readonly #ledger: Ledger;

	constructor(options: { ledger: Ledger }) {
		this.#ledger = options.ledger;
	}

	/** Makes a token; its secret is in this answer and nowhere else. */
	async create(wish: NodeTokenWish, by: Doer): Promise<{ id: string; token: string; expiresAt: number }> {
		const { queues, uses = 1, expiresInMs = DEFAULT_LIFE_MS } = wish;
		if (!Number.isInteger(uses) || uses < 1 || uses > MOST_TOKEN_USES) {
			throw new CodedError('invalid', `A node token has 1 to ${MOST_TOKEN_USES} uses.`);
		}
		if (!(expiresInMs >= 1_000 && expiresInMs <= MOST_TOKEN_LIFE_MS)) {
			throw new CodedError('invalid', 'A node token lives for one second to 24 hours.');
		}
		if (queues?.length === 0) throw new CodedError('invalid', 'A node token for no queue would be of no use.');
		const secret = `mnt_${randomBytes(32).toString('base64url')}`;
		const now = Date.now();
		const token: NodeTokenRow = {
			id: newId('nodeToken', now),
			ending: secret.slice(-ENDING),
			queues: queues ? [...new Set(queues)] : null,
			usesLeft: uses,
			createdAt: now,
			expiresAt: now + Math.round(expiresInMs),
		};
		const detail = {
			ending: token.ending,
			queues: token.queues,
			uses,
			expiresAt: new Date(token.expiresAt).toISOString(),
		};
		await this.#ledger.write(createNodeToken, {
			token: { ...token, hash: hashNodeToken(secret) },
			audit: auditOf(by, 'node-token.create', token.id, detail),
		});
		return { id: token.id, token: secret, expiresAt: token.expiresAt };
	}

	/** One page of the tokens that still let nodes join, oldest first; `after` is the last id of the page before. */
	list(page: { after: string | null; limit: number }): Promise<NodeTokenRow[]> {
		return this.#ledger.read(listNodeTokens, { now: Date.now(), after: page.after ?? '', limit: page.limit });
	}

	/** No node joins by it any more. Throws `not-found`. */
	async delete(id: string, by: Doer): Promise<void> {
		await this.#ledger.write(deleteNodeToken, { id, audit: auditOf(by, 'node-token.delete', id) });
	}
}
