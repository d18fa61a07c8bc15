import type { PolicyBook } from '../qos/policy.ts';
import { SharedLine } from './shared-line.ts';

/** One transfer's way through its person's line. */
export interface Pace {
	/** Whether there is a limit now; without one everything goes at once. */
	readonly isLimited: boolean;
	/** How many bytes to take at once, so that they flow evenly; never more than `most`. */
	piece(most: number): number;
	/** Null when the bytes may go at once. What is given resolves when they may, or when the pace is ended. */
	take(bytes: number): Promise<void> | null;
	/** However the transfer ended: nothing of it waits any more. */
	end(): void;
	/** It was ended. */
	readonly isOver: boolean;
}

export type Direction = 'upload' | 'download';

/**
 * Holds each person's uploads, and each person's downloads, to the class's bandwidth, over all connections together and
 * in turns. The class is asked at every piece, so a change holds for what runs; who has no limit has no line either.
 */
export class Bandwidth {
	readonly #policies: PolicyBook;
	readonly #now: () => number;
	/** A person's lines, while some transfer goes through them. */
	readonly #lines = { upload: new Map<number, OpenLine>(), download: new Map<number, OpenLine>() };

	constructor(options: { policies: PolicyBook; now?: () => number }) {
		this.#policies = options.policies;
		this.#now = options.now ?? (() => performance.now());
	}

	paceOf(userSeq: number, direction: Direction): Pace {
		const limitOf = (): number | null => {
			const { uploadBytesPerSecond, downloadBytesPerSecond } = this.#policies.of(userSeq).settings.bandwidth;
			return direction === 'upload' ? uploadBytesPerSecond : downloadBytesPerSecond;
		};
		return new PersonPace(limitOf, () => this.#join(userSeq, direction, limitOf));
	}

	/** Lines that exist. */
	get size(): number {
		return this.#lines.upload.size + this.#lines.download.size;
	}

	#join(userSeq: number, direction: Direction, limitOf: () => number | null): Place {
		const lines = this.#lines[direction];
		let open = lines.get(userSeq);
		if (!open) {
			open = { line: new SharedLine(limitOf, this.#now), users: 0 };
			lines.set(userSeq, open);
		}
		open.users += 1;
		const { line } = open;
		return {
			line,
			leave: () => {
				open.users -= 1;
				if (open.users === 0) lines.delete(userSeq);
			},
		};
	}
}

interface OpenLine {
	line: SharedLine;
	users: number;
}

interface Place {
	line: SharedLine;
	leave: () => void;
}

class PersonPace implements Pace {
	readonly #limitOf: () => number | null;
	readonly #join: () => Place;
	/** From the first piece on that met a limit. */
	#place: Place | null = null;
	#stop: (() => void) | null = null;
	isOver = false;

	constructor(limitOf: () => number | null, join: () => Place) {
		this.#limitOf = limitOf;
		this.#join = join;
	}

	get isLimited(): boolean {
		return this.#limitOf() !== null;
	}

	piece(most: number): number {
		return this.#enter()?.piece(most) ?? most;
	}

	take(bytes: number): Promise<void> | null {
		const waits = this.#enter()?.take(bytes) ?? null;
		if (!waits) return null;
		this.#stop = waits.stop;
		return waits.done;
	}

	end(): void {
		this.isOver = true;
		this.#stop?.();
		this.#place?.leave();
		this.#place = null;
	}

	#enter(): SharedLine | null {
		if (this.isOver || this.#limitOf() === null) return null;
		this.#place ??= this.#join();
		return this.#place.line;
	}
}
