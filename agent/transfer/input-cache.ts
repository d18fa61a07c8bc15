import { createHash } from 'node:crypto';
import { createReadStream, renameSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { WantedInput } from './fetch-input.ts';
import { TransferFailure } from './transfer-error.ts';

interface Entry {
	size: number;
	/** Attempts that read it now: it is not evicted meanwhile. */
	pins: number;
	/** False for what an earlier run has left: a crash of the machine may have damaged it. */
	isChecked: boolean;
}

interface Download {
	done: Promise<void>;
	waiting: number;
	abort: AbortController;
}

/** An input on the local disk; `release` when it is no longer read. */
export interface PinnedInput {
	path: string;
	release: () => void;
}

/** Brings the content to the path, or throws. */
export type Fetch = (path: string, signal: AbortSignal) => Promise<void>;

/**
 * Inputs by their hash on the local disk, the least recently used going first when there are too many bytes. One
 * content is downloaded once, however many attempts wait for it. Content is checked when it arrives.
 */
export class InputCache {
	readonly #folder: string;
	readonly #limitBytes: number;
	/** In order of use, the latest last. */
	readonly #entries = new Map<string, Entry>();
	readonly #downloads = new Map<string, Download>();
	#bytes = 0;
	#temporaries = 0;

	private constructor(folder: string, limitBytes: number) {
		this.#folder = folder;
		this.#limitBytes = limitBytes;
	}

	static async open(folder: string, limitBytes: number): Promise<InputCache> {
		const cache = new InputCache(folder, limitBytes);
		await mkdir(folder, { recursive: true });
		const found: { name: string; size: number; usedAt: number }[] = [];
		for (const name of await readdir(folder)) {
			if (/^[0-9a-f]{64}$/.test(name)) {
				const facts = await stat(join(folder, name));
				found.push({ name, size: facts.size, usedAt: facts.mtimeMs });
			} else {
				await rm(join(folder, name), { recursive: true, force: true });
			}
		}
		for (const { name, size } of found.sort((a, b) => a.usedAt - b.usedAt)) {
			cache.#entries.set(name, { size, pins: 0, isChecked: false });
			cache.#bytes += size;
		}
		await cache.#makeRoom(0);
		return cache;
	}

	get bytes(): number {
		return this.#bytes;
	}

	/** The input from the cache, or fetched. Rejects with what `fetch` threw, or when the signal is aborted. */
	async take(input: WantedInput, fetch: Fetch, signal: AbortSignal): Promise<PinnedInput> {
		for (;;) {
			signal.throwIfAborted();
			const entry = this.#entries.get(input.sha256);
			if (entry?.isChecked && entry.size === input.size) return this.#pin(input.sha256, entry);
			const running = this.#downloads.get(input.sha256);
			if (!running) {
				await this.#waitFor(this.#start(input, fetch, entry), signal);
				continue;
			}
			try {
				await this.#waitFor(running, signal);
			} catch (error) {
				// The content itself does not come. To find that out one after the other would take as many times as long.
				if (error instanceof TransferFailure) throw error;
				// Another attempt's download has ended with its rights: ours may do better, in the next round.
			}
		}
	}

	#pin(sha256: string, entry: Entry): PinnedInput {
		this.#entries.delete(sha256);
		this.#entries.set(sha256, entry);
		entry.pins += 1;
		let isReleased = false;
		const release = () => {
			if (isReleased) return;
			isReleased = true;
			entry.pins -= 1;
			if (this.#bytes > this.#limitBytes) void this.#makeRoom(0);
		};
		return { path: join(this.#folder, sha256), release };
	}

	#start(input: WantedInput, fetch: Fetch, old: Entry | undefined): Download {
		const abort = new AbortController();
		const bring = async () => {
			if (old && (await this.#check(input, old, abort.signal))) return;
			await this.#download(input, fetch, abort.signal);
		};
		const done = bring().finally(() => this.#downloads.delete(input.sha256));
		done.catch(() => {}); // told to whoever waits
		const download: Download = { done, waiting: 0, abort };
		this.#downloads.set(input.sha256, download);
		return download;
	}

	/** Whether what an earlier run has left is still what its name says. */
	async #check({ sha256, size }: WantedInput, entry: Entry, signal: AbortSignal): Promise<boolean> {
		if (entry.size !== size) return false;
		// Pinned, so that it is not evicted while it is read.
		entry.pins += 1;
		try {
			const hash = createHash('sha256');
			for await (const chunk of createReadStream(join(this.#folder, sha256), { signal })) hash.update(chunk as Buffer);
			entry.isChecked = hash.digest('hex') === sha256;
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
		} finally {
			entry.pins -= 1;
		}
		return entry.isChecked;
	}

	async #download({ sha256, size }: WantedInput, fetch: Fetch, signal: AbortSignal): Promise<void> {
		await this.#makeRoom(size);
		const temporary = join(this.#folder, `${sha256}.${++this.#temporaries}.part`);
		try {
			await fetch(temporary, signal);
			await rename(temporary, join(this.#folder, sha256));
		} catch (error) {
			await rm(temporary, { force: true });
			throw error;
		}
		// The entry of what was there before stays: whoever has pinned it releases that one.
		const entry = this.#entries.get(sha256) ?? { size: 0, pins: 0, isChecked: true };
		this.#bytes += size - entry.size;
		Object.assign(entry, { size, isChecked: true });
		this.#entries.set(sha256, entry);
	}

	/** Waits for a download; when nobody waits any more it is stopped. */
	async #waitFor(download: Download, signal: AbortSignal): Promise<void> {
		download.waiting += 1;
		let onAbort = () => {};
		const aborted = new Promise<never>((_, reject) => {
			onAbort = () => reject(signal.reason);
			signal.addEventListener('abort', onAbort, { once: true });
		});
		try {
			await Promise.race([download.done, aborted]);
		} finally {
			signal.removeEventListener('abort', onAbort);
			download.waiting -= 1;
			if (download.waiting === 0) download.abort.abort();
		}
	}

	async #makeRoom(bytes: number): Promise<void> {
		for (const [sha256, entry] of this.#entries) {
			if (this.#bytes + bytes <= this.#limitBytes) return;
			if (entry.pins > 0) continue;
			this.#entries.delete(sha256);
			this.#bytes -= entry.size;
			// Renamed at once, so that a new download of the same content cannot be hit by a late removal.
			const gone = join(this.#folder, `${sha256}.${++this.#temporaries}.gone`);
			try {
				renameSync(join(this.#folder, sha256), gone);
			} catch (error) {
				// Somebody has tidied up the folder before us.
				if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
			}
			await rm(gone, { force: true });
		}
	}
}
