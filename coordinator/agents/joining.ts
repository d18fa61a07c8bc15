import { CodedError } from '../../shared/coded-error.ts';
import type { Ledger } from '../database/ledger.ts';
import { newId } from '../database/new-id.ts';
import { joinNode } from './join-store.ts';
import type { NodeRow } from './node-store.ts';
import { knowsNodeToken } from './node-token-store.ts';
import { hashNodeToken } from './node-tokens.ts';

/** Turns a machine that shows a token into a node. From then on the node is known by its key alone. */
export class Joining {
	readonly #ledger: Ledger;
	readonly #onJoined: (node: NodeRow) => void;

	constructor(options: {
		ledger: Ledger;
		/** A node is in the ledger; called before its join is answered, since it connects next. */
		onJoined: (node: NodeRow) => void;
	}) {
		this.#ledger = options.ledger;
		this.#onJoined = options.onJoined;
	}

	/** Throws `node-token-invalid`, `name-taken`, `node-revoked` or `conflict`. The key is raw Ed25519, base64url. */
	async join(
		wish: { token: string; name: string; publicKey: string },
		address: string,
	): Promise<{ node: string; name: string }> {
		const tokenHash = hashNodeToken(wish.token);
		if (!(await this.#ledger.read(knowsNodeToken, tokenHash))) {
			throw new CodedError('node-token-invalid', 'The node token is wrong.');
		}
		const publicKey = Buffer.from(wish.publicKey, 'base64url');
		if (publicKey.length !== 32) throw new CodedError('invalid', 'A public key is 32 bytes in base64url.');
		const now = Date.now();
		const outcome = await this.#ledger.write(joinNode, {
			tokenHash,
			id: newId('node', now),
			name: wish.name,
			publicKey,
			now,
			address,
		});
		if (!outcome.ok) throw new CodedError(outcome.code, outcome.detail);
		this.#onJoined(outcome.node);
		return { node: outcome.node.id, name: outcome.node.name };
	}
}
