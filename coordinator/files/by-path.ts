import { CodedError } from '../../shared/coded-error.ts';
import type { Ledger } from '../database/ledger.ts';
import { makeFolderAt, type PathArgs, removeAt } from './by-path-store.ts';
import type { Condition } from './condition.ts';
import type { FileChange } from './file-events.ts';
import {
	type BegunCopy,
	beginFolderCopy,
	type CopyPosition,
	copyFolderPage,
	endFolderCopy,
	type FolderPair,
} from './folder-copy-store.ts';
import type { Quota } from './quota-store.ts';
import { copyFileAt, moveAt, type TransferArgs, type Transferred } from './transfer-store.ts';

/** Files, or folders, that are copied in one transaction, so that other writers never wait long. */
const PAGE = 500;

export interface TransferRequest extends Omit<TransferArgs, 'now' | 'quota'> {
	how: 'copy' | 'move';
	/** Of a folder that is copied: with all that is in it. */
	isDeep: boolean;
}

/**
 * Changes of what is at a path, as the drive's clients ask for them: what is there is looked up, and what locks say is
 * judged, in the transaction that changes it.
 */
export class ByPath {
	readonly #ledger: Ledger;
	readonly #parts: ByPathParts;

	constructor(ledger: Ledger, parts: ByPathParts) {
		this.#ledger = ledger;
		this.#parts = parts;
	}

	/**
	 * Moves or copies; `replaced`: something was there. Throws `not-found`, `conflict` (the folder above is missing),
	 * `precondition-failed`, `forbidden` (onto itself, or one within the other), `locked`, `bad-path`, `quota-exceeded`.
	 */
	async transfer({ how, isDeep, ...request }: TransferRequest): Promise<{ replaced: boolean }> {
		requireApart(request.from, request.to);
		const args: TransferArgs = { ...request, quota: this.#parts.quotaOf(request.ownerSeq), now: Date.now() };
		const done =
			how === 'move'
				? await this.#ledger.write(moveAt, args)
				: ((await this.#ledger.write(copyFileAt, args)) ?? (await this.#copyFolder(args, isDeep)));
		this.#parts.onChanged(done.changes, done.happened);
		return { replaced: done.replaced };
	}

	/** Throws `not-found`, `locked`, `precondition-failed`. */
	async remove(request: Omit<PathArgs, 'now'> & { condition: Condition }): Promise<void> {
		const change = await this.#ledger.write(removeAt, { ...request, now: Date.now() });
		this.#parts.onChanged([change], 0);
	}

	/** Throws `name-taken`, `conflict`, `locked`. */
	async makeFolder(request: Omit<PathArgs, 'by' | 'now'>): Promise<void> {
		this.#parts.onChanged([await this.#ledger.write(makeFolderAt, { ...request, now: Date.now() })], 0);
	}

	async #copyFolder(args: TransferArgs, isDeep: boolean): Promise<Transferred> {
		const copy = await this.#ledger.write(beginFolderCopy, { ...args, isDeep });
		try {
			if (isDeep) await this.#copyContent(args, copy);
			return await this.#ledger.write(endFolderCopy, { ...args, id: copy.id, now: Date.now() });
		} catch (error) {
			// What was copied so far takes room for nothing.
			await this.#parts.destroyFolder(args.ownerSeq, copy.id);
			throw error;
		}
	}

	async #copyContent({ ownerSeq, quota }: TransferArgs, copy: BegunCopy): Promise<void> {
		const waiting: FolderPair[] = [{ from: copy.from, to: copy.to }];
		for (let pair = waiting.pop(); pair; pair = waiting.pop()) {
			for (let after: CopyPosition | null = ['file', '']; after !== null; ) {
				const asked = { ownerSeq, root: copy.to, pair, after, limit: PAGE, quota, now: Date.now() };
				const page: { folders: FolderPair[]; next: CopyPosition | null } = await this.#ledger.write(
					copyFolderPage,
					asked,
				);
				waiting.push(...page.folders);
				after = page.next;
			}
		}
	}
}

export interface ByPathParts {
	quotaOf: (ownerSeq: number) => Quota | null;
	/** Told after each commit, with the newest happening; 0: none was told. */
	onChanged: (changes: readonly FileChange[], happened: number) => void;
	/** Destroys a folder that was not finished; never rejects. */
	destroyFolder: (ownerSeq: number, id: string) => Promise<void>;
}

const requireApart = (from: readonly string[], to: readonly string[]): void => {
	const [short, long] = from.length <= to.length ? [from, to] : [to, from];
	if (!short.every((name, i) => long[i] === name)) return;
	throw new CodedError(
		'forbidden',
		'Nothing can be moved or copied onto itself, or to where one lies within the other.',
	);
};
