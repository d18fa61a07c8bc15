import { INBOX, inboxName } from '../../shared/inbox-name.ts';
import type { Ledger } from '../database/ledger.ts';
import type { Area } from './area.ts';
import { findInboxes, type InboxFile, type InboxRecipe } from './inbox-store.ts';
import type { Asker } from './place.ts';
import { type DriveResource, plainFolder, type Wants } from './resource.ts';
import type { StatusFiles } from './status-files.ts';
import { fileOfStatus } from './status-name.ts';

/**
 * The own tree with what recipes show in it: an inbox for each, there before anything was put into it, and beside each
 * file in one how far the recipe is with it.
 */
export class InboxArea implements Area {
	readonly #own: Area;
	readonly #ledger: Ledger;
	readonly #statuses: StatusFiles;
	readonly #beginBook: (ownerSeq: number) => Promise<unknown>;

	constructor(options: {
		own: Area;
		ledger: Ledger;
		statuses: StatusFiles;
		/** Gives whoever has no recipes yet what everybody begins with. */
		beginBook: (ownerSeq: number) => Promise<unknown>;
	}) {
		this.#own = options.own;
		this.#ledger = options.ledger;
		this.#statuses = options.statuses;
		this.#beginBook = options.beginBook;
	}

	async find(asker: Asker, names: readonly string[], wants: Wants): Promise<DriveResource | null> {
		const found = await this.#own.find(asker, names, wants);
		if (found !== null || names[0] !== INBOX) return found;
		// Also of what is deeper: whoever asks may be about to make it, where inboxes count as there.
		await this.#beginBook(asker.userSeq);
		if (names.length > 3) return null;
		if (names.length === 3) return this.#findStatus(asker, names);
		const [, inbox] = names;
		const isThere = inbox === undefined || (await this.#recipesOf(asker, inbox)).length > 0;
		if (!isThere) return this.#findStatus(asker, names);
		// What is at a name hides what would be shown there.
		const above = names.length === 1 ? null : await this.#own.find(asker, [INBOX], {});
		if (above?.kind === 'file') return null;
		const root = await this.#own.find(asker, [], {});
		return root && virtual(names.at(-1)!, root.createdAt);
	}

	async *list(asker: Asker, names: readonly string[], wants: Wants): AsyncGenerator<DriveResource[]> {
		if (names.length === 0) yield* this.#listMore(asker, names, wants, [INBOX]);
		else if (names[0] !== INBOX || names.length > 2) yield* this.#own.list(asker, names, wants);
		else if (names.length === 2) yield* this.#withStatuses(asker, names, this.#own.list(asker, names, wants));
		else {
			const found = await this.find(asker, names, {});
			const inboxes = found?.kind === 'folder' ? await this.#inboxes(asker) : [];
			yield* this.#withStatuses(asker, names, this.#listMore(asker, names, wants, inboxes));
		}
	}

	/** What is there, and the folders of these names unless something is. */
	async *#listMore(asker: Asker, names: readonly string[], wants: Wants, more: readonly string[]) {
		const missing = new Set(more);
		for await (const page of this.#own.list(asker, names, wants)) {
			for (const { name } of page) missing.delete(name);
			yield page;
		}
		const root = missing.size === 0 ? null : await this.#own.find(asker, [], {});
		if (root) yield [...missing].map((name) => virtual(name, root.createdAt));
	}

	async *#withStatuses(
		asker: Asker,
		folder: readonly string[],
		pages: AsyncGenerator<DriveResource[]>,
	): AsyncGenerator<DriveResource[]> {
		for await (const page of pages) {
			const files = page.flatMap(inboxFile);
			yield files.length === 0 ? page : [...page, ...(await this.#statusesOf(asker, folder, files))];
		}
	}

	async #statusesOf(asker: Asker, folder: readonly string[], files: InboxFile[]): Promise<DriveResource[]> {
		const [, inbox] = folder;
		const inboxes = await this.#inboxes(asker);
		const recipes = inbox === undefined ? [] : await this.#recipesOf(asker, inbox);
		const statuses = await this.#statuses.of({ ownerSeq: asker.userSeq, folder, files, recipes, inboxes });
		// Whoever calls a recipe so has its folder there.
		return inbox === undefined ? statuses.filter(({ name }) => !inboxes.includes(name)) : statuses;
	}

	async #findStatus(asker: Asker, names: readonly string[]): Promise<DriveResource | null> {
		const folder = names.slice(0, -1);
		const name = fileOfStatus(names.at(-1)!);
		const file = name === null ? null : await this.#own.find(asker, [...folder, name], {});
		const files = file ? inboxFile(file) : [];
		if (files.length === 0) return null;
		const [status] = await this.#statusesOf(asker, folder, files);
		return status ?? null;
	}

	/** Names of the folders that are there for recipes. */
	async #inboxes(asker: Asker): Promise<string[]> {
		return [...new Set((await this.#recipes(asker)).map(({ name }) => inboxName(name)))];
	}

	async #recipesOf(asker: Asker, inbox: string): Promise<InboxRecipe[]> {
		return (await this.#recipes(asker)).filter(({ name }) => inboxName(name) === inbox);
	}

	async #recipes({ userSeq }: Asker): Promise<InboxRecipe[]> {
		await this.#beginBook(userSeq);
		return this.#ledger.read(findInboxes, { ownerSeq: userSeq });
	}
}

const inboxFile = ({ name, entry, file }: DriveResource): InboxFile[] =>
	entry && file?.version
		? [{ seq: entry.seq, version: file.version.version, name, size: file.size, mediaType: file.mediaType }]
		: [];

/** It is made when something is put into it. */
const virtual = (name: string, at: number): DriveResource => ({ ...plainFolder(name, at, false), isVirtual: true });
