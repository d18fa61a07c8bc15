import type { Ledger } from '../database/ledger.ts';
import {
	findOldVersions,
	findUsedVersions,
	forgetVersions,
	type OldVersions,
	type UsedVersion,
} from './old-version-store.ts';

/** Versions beside first inputs that are remembered of open tasks; of more it is not known what may go. */
const MOST_USED = 200_000;

/** Forgets old versions of files; their newest ones stay. Each step is a transaction and leaves nothing half done. */
export class VersionForgetting {
	readonly #ledger: Ledger;
	readonly #now: () => number;

	constructor(options: { ledger: Ledger; now?: () => number }) {
		this.#ledger = options.ledger;
		this.#now = options.now ?? Date.now;
	}

	/** `keptMs`: for so long after a newer one took their place; `most`: so many of a file. Null: without end. Says what went. */
	async forget(wanted: { keptMs: number | null; most: number | null }, signal: AbortSignal): Promise<string> {
		const { keptMs, most } = wanted;
		const old: OldVersions = { replacedBefore: keptMs === null ? null : this.#now() - keptMs, most };
		const used = await this.#usedVersions(signal);
		if (used === null)
			return 'nothing went: too many open tasks have more than one input; it goes on when they are over';
		let versions = 0;
		for (let after: number | null = 0; after !== null && !signal.aborted; ) {
			const page: { files: number[]; next: number | null } = await this.#ledger.read(findOldVersions, {
				...old,
				after,
			});
			let { files } = page;
			for (let upTo = 0; files.length > 0 && !signal.aborted; ) {
				const ofThese = files.flatMap((file) => (used.get(file) ?? []).map((version): UsedVersion => [file, version]));
				const step: { versions: number; done: number; upTo: number } = await this.#ledger.write(
					forgetVersions,
					{ ...old, files, upTo, used: ofThese },
					{ patient: true },
				);
				versions += step.versions;
				files = files.slice(step.done);
				upTo = step.upTo;
			}
			after = page.next;
		}
		return `${versions} old versions of files were forgotten`;
	}

	/** By file. A task that is made later with such a version has to do without it, as when the file is destroyed. */
	async #usedVersions(signal: AbortSignal): Promise<Map<number, number[]> | null> {
		const used = new Map<number, number[]>();
		let count = 0;
		for (let after: number | null = 0; after !== null && !signal.aborted; ) {
			const page: { used: UsedVersion[]; next: number | null } = await this.#ledger.read(findUsedVersions, { after });
			for (const [file, version] of page.used) used.set(file, [...(used.get(file) ?? []), version]);
			count += page.used.length;
			if (count > MOST_USED) return null;
			after = page.next;
		}
		return used;
	}
}
