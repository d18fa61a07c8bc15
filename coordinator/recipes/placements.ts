import type { Ledger } from '../database/ledger.ts';
import { liesIn } from '../files/path-match.ts';
import { type PlacedFile, readPlacedFile, readPlacedFolder } from '../files/placed-store.ts';
import { childPath } from '../files/safe-path.ts';
import type { Happening } from '../happenings/happening-store.ts';
import type { TaskQueue } from '../queue/task-queue.ts';
import type { BookTrigger } from './book.ts';
import type { FiredFile } from './fire-store.ts';
import { eachOf } from './followers.ts';
import { followFolder, readFolderPage, readFolderPath } from './placed-folder-store.ts';
import type { FileFacts } from './plan.ts';
import type { Planner } from './planner.ts';
import { Refire } from './refire.ts';
import { dropHappenings, type PlacedVersion, readPlaced } from './refire-store.ts';
import { byBook } from './replan.ts';
import type { TriggerBooks } from './trigger-book.ts';

/** Files of a folder that are looked at, and may be fired for, in one transaction. */
const PAGE = 200;

type Came = Pick<PlacedFile, 'event' | 'from' | 'mediaType' | 'isSniffed'>;

/**
 * What triggers do about files that have come to their names otherwise than by an upload that started something: whose
 * client is done with them, that were moved, or copied. Each is done exactly once: the transaction that does it deletes
 * the happening that it follows from.
 */
export class Placements {
	readonly #ledger: Ledger;
	readonly #queue: Pick<TaskQueue, 'accepted'>;
	readonly #books: TriggerBooks;
	readonly #refire: Refire;
	readonly #happened: (last: number) => void;
	readonly #waits: () => void;

	constructor(options: {
		ledger: Ledger;
		queue: Pick<TaskQueue, 'accepted'>;
		books: TriggerBooks;
		planner: Planner;
		/** Told after each commit which happening is the newest. */
		happened: (last: number) => void;
		/** Told after a commit that files wait until they settle. */
		waits: () => void;
	}) {
		this.#ledger = options.ledger;
		this.#queue = options.queue;
		this.#books = options.books;
		this.#refire = new Refire(options);
		this.#happened = options.happened;
		this.#waits = options.waits;
	}

	/** Files were moved or copied, or clients of the drive are done with them: `file.placed`. */
	placed(happenings: readonly Happening[]): Promise<void> {
		return eachOf(happenings, (one) => this.#file(one, readPlacedFile(one)));
	}

	/** Folders were moved or copied with all that is in them: `folder.placed`. */
	placedFolders(happenings: readonly Happening[]): Promise<void> {
		return eachOf(happenings, (one) => this.#folder(one));
	}

	async #file(one: Happening, told: (Came & { fileSeq: number; version: number }) | null): Promise<void> {
		const version = told && (await this.#ledger.read(readPlaced, told));
		if (!told || !version || isOver(version)) return void (await this.#ledger.write(dropHappenings, [one.seq]));
		await this.#refire.one(one.seq, ...factsOf(version, told));
	}

	async #folder(one: Happening): Promise<void> {
		const told = readPlacedFolder(one);
		const { seq: happening, ownerSeq } = one;
		let after = told?.after ?? null;
		while (told && after !== null) {
			const { folderSeq, from } = told;
			const path = await this.#ledger.read(readFolderPath, { folderSeq });
			const book = await this.#books.of(ownerSeq);
			if (path === null || !book.of('upload').some((trigger) => reaches(trigger, path, from))) break;
			const page = await this.#ledger.read(readFolderPage, { ownerSeq, folderSeq, after, limit: PAGE });
			const fromOf = (name: string) => (from === null ? null : childPath(from, name));
			const folders = page.folders.map(({ seq, name }) => ({ folderSeq: seq, from: fromOf(name) }));
			const now = Date.now();
			const next = page.next && { from, after: page.next };
			const done = await byBook(this.#books, ownerSeq, (newest) => {
				const files = page.files.flatMap(({ name, version }) => {
					// Whose client is not done with it starts something when it settles.
					if (isOver(version) || version.isUnsettled) return [];
					const came: Came = { event: 'upload', from: fromOf(name), mediaType: null, isSniffed: false };
					const [file, known] = factsOf(version, came);
					const plan = this.#refire.plan(newest, file, known);
					return plan.firings.length === 0 ? [] : { file, plan, from: came.from };
				});
				const { revision } = newest;
				return this.#ledger.write(followFolder, { happening, ownerSeq, revision, files, folders, next, now });
			});
			if (done === 'done-before') return;
			this.#queue.accepted(done.submitted, done.tasks, now);
			this.#happened(done.happened);
			if (done.waiting > 0) this.#waits();
			if (page.next === null) return;
			after = page.next;
		}
		await this.#ledger.write(dropHappenings, [happening]);
	}
}

/** As triggers are asked about it. */
const factsOf = (version: PlacedVersion, came: Came): [FiredFile, Pick<FileFacts, 'mediaType' | 'from'>] => {
	const { ownerSeq, input, lineage } = version;
	const { event, from, isSniffed } = came;
	const file = { ownerSeq, input, event, isSniffed, isResult: lineage !== null, lineage: lineage ?? [] };
	return [file, { mediaType: version.mediaType ?? came.mediaType, from }];
};

/**
 * Nothing follows: it is gone, or may have come of any trigger. One that has a successor by now is followed all the same:
 * that came as an update, and whoever waits for new files would never hear of this one.
 */
const isOver = ({ gone, isOfUnknown }: PlacedVersion): boolean => gone || isOfUnknown;

/** Whether anything in the folder, however deep, can be for the trigger that was not for it where the folder was. */
const reaches = ({ draft }: BookTrigger, path: string, from: string | null): boolean => {
	const { folder, recursive } = draft;
	const covers = (place: string): boolean => recursive && liesIn(`${place}/x`, folder, true);
	const isWithin = folder === path || liesIn(folder, path, true);
	if (!isWithin && !covers(path)) return false;
	return !(covers(path) && from !== null && covers(from));
};
