import { CodedError } from '../../shared/coded-error.ts';
import { type Condition, NO_CONDITION, requireCondition } from '../files/condition.ts';
import type { Files } from '../files/files.ts';
import type { Copy, CopyOut } from './copy-out.ts';
import { type Asker, type Place, requireOwn } from './place.ts';
import type { DriveEntry, DriveResource, Wants } from './resource.ts';

export interface WantedTransfer {
	how: 'copy' | 'move';
	from: Place;
	to: Place;
	/** What is at the target may go. */
	overwrite: boolean;
	/** False: a folder is copied without what is in it. */
	isDeep: boolean;
	/** Of the locks that the client has shown. */
	tokens: string[];
	/** Of the source when it is a file; none unless told. */
	condition?: Condition;
}

type Find = (asker: Asker, place: Place, wants?: Wants) => Promise<DriveResource | null>;

/** Says which changes the drive allows where; the files room makes them. */
export class Changes {
	readonly #find: Find;
	readonly #files: Pick<Files, 'transfer' | 'removeAt' | 'makeFolderAt'>;
	readonly #copyOut: CopyOut;

	constructor(options: {
		find: Find;
		files: Pick<Files, 'transfer' | 'removeAt' | 'makeFolderAt'>;
		copyOut: CopyOut;
	}) {
		this.#find = options.find;
		this.#files = options.files;
		this.#copyOut = options.copyOut;
	}

	/** Throws `name-taken`, `conflict`, `forbidden`, `locked`. */
	async makeFolder(asker: Asker, place: Place, tokens: string[]): Promise<void> {
		requireOwn(place);
		if ((await this.#find(asker, place)) !== null)
			throw new CodedError('name-taken', 'There is something of that name.');
		await this.#files.makeFolderAt({ ownerSeq: asker.userSeq, names: ownNames(place), tokens });
	}

	/** The entry of a folder that has had no row so far: from now on it has one. Null: it cannot have one. */
	async entryOf(asker: Asker, place: Place, tokens: string[]): Promise<DriveEntry | null> {
		const found = await this.#find(asker, place);
		if (found?.isVirtual !== true) return found?.entry ?? null;
		await this.#files.makeFolderAt({ ownerSeq: asker.userSeq, names: ownNames(place), tokens });
		return (await this.#find(asker, place))?.entry ?? null;
	}

	/** Into the trash. Throws `not-found`, `forbidden`, `locked`, `precondition-failed`. */
	async remove(
		asker: Asker,
		place: Place,
		{ tokens, condition, isDeep = true }: { tokens: string[]; condition: Condition; isDeep?: boolean },
	): Promise<void> {
		const names = ownNames(place);
		const found = await this.#find(asker, place);
		if (!found) throw new CodedError('not-found');
		// Programs that empty a folder first and then remove it want to see that nothing is left to do.
		if (found.isReadOnly) return;
		requireRow(found);
		if (!isDeep) requireFile(found);
		await this.#files.removeAt({ ownerSeq: asker.userSeq, by: doerOf(asker), names, tokens, condition });
	}

	/** Throws `not-found`, `conflict`, `precondition-failed`, `forbidden`, `locked`, `quota-exceeded`. */
	async transfer(asker: Asker, wanted: WantedTransfer): Promise<{ replaced: boolean }> {
		const { how, from, overwrite, isDeep, tokens, condition = NO_CONDITION } = wanted;
		const to = ownNames(wanted.to);
		if (how === 'move') requireOwn(from);
		const source = await this.#find(asker, from, { content: how === 'copy' });
		if (!source) throw new CodedError('not-found');
		const target = await this.#find(asker, wanted.to);
		if (target) requireRow(target);
		if (from.area === 'datasets' && from.names.length > 0 && how === 'copy') {
			// What a dataset holds at a version stays so.
			if (source.file) requireCondition(condition, source.file.sha256);
			return this.#copyOutOf(asker, source, from.names, target, { to, overwrite, isDeep, tokens });
		}
		const names = ownNames(from);
		requireRow(source);
		if (how === 'move' && !isDeep) requireFile(source);
		const whose = { ownerSeq: asker.userSeq, by: doerOf(asker) };
		return this.#files.transfer({ how, ...whose, from: names, to, overwrite, isDeep, tokens, condition });
	}

	async #copyOutOf(
		asker: Asker,
		source: DriveResource,
		from: readonly string[],
		target: DriveResource | null,
		{ to, overwrite, isDeep, tokens }: { to: string[]; overwrite: boolean; isDeep: boolean; tokens: string[] },
	): Promise<{ replaced: boolean }> {
		if (target && !overwrite) throw new CodedError('precondition-failed', 'There is something of that name.');
		// Before anything goes: who may not copy, or has no room, keeps what is at the target.
		const copy = await this.#readyCopy(asker, source, from, target, { to, overwrite, isDeep });
		// A file onto a file is its next version.
		if (target && (source.kind === 'folder' || target.kind === 'folder')) {
			const condition = NO_CONDITION;
			await this.#files.removeAt({ ownerSeq: asker.userSeq, by: doerOf(asker), names: to, tokens, condition });
		}
		await copy(to, tokens);
		return { replaced: target !== null };
	}

	async #readyCopy(
		asker: Asker,
		source: DriveResource,
		from: readonly string[],
		target: DriveResource | null,
		{ to, overwrite, isDeep }: { to: string[]; overwrite: boolean; isDeep: boolean },
	): Promise<Copy> {
		if (source.kind === 'file') {
			// The folder that is there yet is gone when the file comes.
			const checked = target?.kind === 'folder' ? [...to, source.name] : to;
			const condition: Condition = overwrite ? NO_CONDITION : { ifMatch: null, ifNoneMatch: '*' };
			return this.#copyOut.file(asker, from, { checked, condition });
		}
		if (isDeep) return this.#copyOut.folder(asker, from, to);
		return (names, tokens) => this.#files.makeFolderAt({ ownerSeq: asker.userSeq, names: [...names], tokens });
	}
}

/** Of something in the own tree, not the tree itself. */
const ownNames = (place: Place): string[] => {
	const { names } = requireOwn(place);
	if (names.length === 0) throw new CodedError('forbidden', 'The folder of all your files stays as it is.');
	return names;
};

/** Only a copy can leave out what is in a folder. */
const requireFile = ({ kind }: DriveResource): void => {
	if (kind === 'folder') throw new CodedError('bad-request', 'A folder is moved and deleted with all that is in it.');
};

/** Throws `forbidden` for what only shows something. */
const requireRow = ({ entry, isVirtual }: DriveResource): void => {
	if (entry !== null) return;
	if (isVirtual !== true) throw readOnly();
	throw new CodedError('forbidden', 'The inbox of a recipe is there as long as the recipe; put files into it.');
};

export const readOnly = (): CodedError =>
	new CodedError('forbidden', 'A status is only read; it goes with its file. Choose another name.');

const doerOf = ({ userId, address }: Asker): { actor: string; address: string } => ({ actor: userId, address });
