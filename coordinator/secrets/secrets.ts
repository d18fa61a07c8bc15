import { CodedError } from '../../shared/coded-error.ts';
import { MAX_SECRET_BYTES, type SecretView } from '../../shared/protocol/secret.ts';
import type { Doer } from '../audit/doer.ts';
import type { Ledger } from '../database/ledger.ts';
import { newId } from '../database/new-id.ts';
import type { VersionCondition } from '../qos/version-condition.ts';
import type { Logger } from '../report/logger.ts';
import { readKeyFile } from './key-file.ts';
import { Seal, type Sealed, type SecretIdentity } from './seal.ts';
import {
	addSecret,
	listSecrets,
	readKeyIds,
	removeSecret,
	replaceSecret,
	type SecretRow,
	takeSecret,
} from './secret-store.ts';

/** Whose secrets. */
export interface SecretOwner {
	userSeq: number;
	/** Public id. */
	userId: string;
}

/**
 * What people entrust to their tasks. It goes in, and comes out for the attempt of a task that names it (or for signing
 * in the person's name), and never again for a person.
 */
export class Secrets {
	readonly #ledger: Ledger;
	readonly #seal: Seal;
	readonly #logger: Logger;
	readonly #now: () => number;

	private constructor(parts: { ledger: Ledger; seal: Seal; logger: Logger; now: () => number }) {
		this.#ledger = parts.ledger;
		this.#seal = parts.seal;
		this.#logger = parts.logger;
		this.#now = parts.now;
	}

	/** Throws BadSetting when the file is not that of the key by which secrets are sealed. */
	static async open(options: {
		ledger: Ledger;
		keyFile: string;
		logger: Logger;
		now?: () => number;
	}): Promise<Secrets> {
		const { ledger, logger, now = Date.now } = options;
		const key = await readKeyFile(options.keyFile, await ledger.read(readKeyIds, null));
		return new Secrets({ ledger, logger, now, seal: new Seal(key) });
	}

	async list(owner: SecretOwner): Promise<SecretView[]> {
		return (await this.#ledger.read(listSecrets, owner.userSeq)).map(viewOf);
	}

	async create(owner: SecretOwner, secret: { name: string; value: string }, by: Doer): Promise<SecretView> {
		const now = this.#now();
		const id = newId('secret', now);
		const sealed = this.seal({ id, owner: owner.userId }, secret.value);
		const { name } = secret;
		return viewOf(await this.#ledger.write(addSecret, { id, ownerSeq: owner.userSeq, name, sealed, by, now }));
	}

	/** Tasks that wait are given the new one. */
	async replace(
		owner: SecretOwner,
		id: string,
		value: string,
		options: { condition: VersionCondition; by: Doer },
	): Promise<SecretView> {
		const sealed = this.seal({ id, owner: owner.userId }, value);
		const args = { ...options, id, ownerSeq: owner.userSeq, sealed, now: this.#now() };
		return viewOf(await this.#ledger.write(replaceSecret, args));
	}

	async remove(owner: SecretOwner, id: string, options: { condition: VersionCondition; by: Doer }): Promise<void> {
		await this.#ledger.write(removeSecret, { ...options, id, ownerSeq: owner.userSeq, now: this.#now() });
	}

	/** For whoever keeps a secret in a transaction of its own. */
	seal(identity: SecretIdentity, value: string): Sealed {
		const bytes = Buffer.from(value);
		if (bytes.length > MAX_SECRET_BYTES) {
			const message = `may have ${MAX_SECRET_BYTES} bytes`;
			throw new CodedError('invalid', `The secret ${message}.`, { fields: [{ path: 'value', message }] });
		}
		return this.#seal.close(identity, bytes);
	}

	/** What `seal` has closed, for whoever keeps it. Throws `secret-missing` when it was changed by other hands. */
	unseal(identity: SecretIdentity, sealed: Pick<Sealed, 'nonce' | 'sealed'>): string {
		try {
			return this.#seal.open(identity, sealed);
		} catch (error) {
			throw new CodedError('secret-missing', `The secret ${identity.id} cannot be opened any more.`, { cause: error });
		}
	}

	/** Throws `secret-missing` when the owner has no such secret any more. */
	async open(ownerSeq: number, id: string): Promise<string> {
		const taken = await this.#ledger.write(takeSecret, { id, ownerSeq, now: this.#now() });
		if (!taken)
			throw new CodedError('secret-missing', `The secret ${id} was deleted. Make it anew, and name the new one.`);
		try {
			return this.#seal.open({ id, owner: taken.owner }, taken);
		} catch (error) {
			this.#logger.error({ err: error, secret: id }, 'a secret does not open: it was changed by other hands');
			throw new CodedError('secret-missing', `The secret ${id} cannot be opened any more. Replace its value.`);
		}
	}

	/** The one that a task was given under this name. Throws `forbidden` when it was given none, so that ids cannot be tried. */
	async forTask(task: { ownerSeq: number; given: string | null }, slot: string): Promise<string> {
		const { secrets = {} } = JSON.parse(task.given ?? '{}') as { secrets?: Record<string, string> };
		const id = Object.hasOwn(secrets, slot) ? secrets[slot] : undefined;
		if (id === undefined) throw new CodedError('forbidden', 'That is no secret of this attempt.');
		return this.open(task.ownerSeq, id);
	}
}

const viewOf = ({ id, name, version, createdAt, usedAt, openTasks }: SecretRow): SecretView => ({
	id,
	name,
	version,
	createdAt: new Date(createdAt).toISOString(),
	usedAt: usedAt === null ? null : new Date(usedAt).toISOString(),
	openTasks,
});
