import { closeSync, fstatSync, ftruncateSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Settlement } from '../../shared/protocol/agent-link.ts';
import type { LinkLog } from './coordinator-link.ts';
import { readSpool } from './read-spool.ts';

/** The file is begun anew when it is larger than this and mostly acknowledged. */
const COMPACT_BYTES = 8 * 1024 * 1024;
/** With nothing to keep, the file is emptied from this size on: not after every batch. */
const EMPTY_BYTES = 256 * 1024;

/**
 * Settlements on disk until they are acknowledged: a file of lines, `{s, v}` for a settlement under a number and
 * `{a}` for numbers that were acknowledged. Not synced: it survives the agent's death, and a settlement lost with the
 * machine is one the coordinator runs again. Damaged lines are skipped.
 */
export class SettleSpool {
	readonly #path: string;
	readonly #log: LinkLog;
	readonly #live = new Map<number, string>();
	#file: number;
	#bytes: number;
	#liveBytes = 0;
	#next = 1;
	#acknowledged: number[] = [];
	/** From which size on the file is begun anew; put off when that has failed. */
	#compactFrom = COMPACT_BYTES;
	/** The file may not end with a whole line: the next one must not be joined to it. */
	#isTorn = true;

	private constructor(path: string, log: LinkLog) {
		this.#path = path;
		this.#log = log;
		this.#file = openSync(path, 'a', 0o600);
		this.#bytes = fstatSync(this.#file).size;
	}

	/** Opens the spool; `kept` are the settlements of an earlier run that nobody acknowledged, with their numbers. */
	static open(path: string, log: LinkLog): { spool: SettleSpool; kept: Map<number, Settlement> } {
		mkdirSync(dirname(path), { recursive: true });
		const { kept, damaged, highest } = readSpool(path);
		if (damaged > 0)
			log.warn({ lines: damaged, path }, 'skipped damaged lines among the settlements of an earlier run');
		const spool = new SettleSpool(path, log);
		for (const [number, settlement] of kept) spool.#remember(number, lineOf(number, settlement));
		spool.#next = highest + 1;
		if (spool.#bytes > 0) spool.#compact();
		return { spool, kept };
	}

	/** Writes a batch in one go; answers with the numbers to acknowledge by. Throws when the disk does not take it. */
	append(settlements: readonly Settlement[]): number[] {
		const lines = settlements.map((settlement) => {
			const number = this.#next++;
			return { number, text: lineOf(number, settlement) };
		});
		this.#write(this.#acknowledgements() + lines.map(({ text }) => text).join(''));
		this.#acknowledged = [];
		for (const { number, text } of lines) this.#remember(number, text);
		return lines.map(({ number }) => number);
	}

	/** Forgets settlements; it is written along with the next batch, since a repeat does no harm. */
	acknowledge(numbers: readonly number[]): void {
		for (const number of numbers) {
			const line = this.#live.get(number);
			if (line === undefined) continue;
			this.#live.delete(number);
			this.#liveBytes -= line.length;
			this.#acknowledged.push(number);
		}
		if (this.#live.size === 0 && this.#bytes > EMPTY_BYTES) this.#empty();
		else if (this.#bytes > Math.max(this.#compactFrom, this.#liveBytes * 2)) this.#compact();
	}

	close(): void {
		try {
			if (this.#live.size === 0) this.#empty();
			else this.#write(this.#acknowledgements());
		} catch (error) {
			// What was acknowledged is then sent once more, which does no harm.
			this.#log.warn({ reason: (error as Error).message }, 'the settlements on disk could not be tidied up at the end');
		}
		closeSync(this.#file);
	}

	#remember(number: number, line: string): void {
		this.#live.set(number, line);
		this.#liveBytes += line.length;
	}

	#acknowledgements(): string {
		return this.#acknowledged.length === 0 ? '' : `{"a":[${this.#acknowledged.join()}]}\n`;
	}

	#write(text: string): void {
		if (text === '') return;
		const whole = this.#isTorn && this.#bytes > 0 ? `\n${text}` : text;
		this.#isTorn = true;
		writeFileSync(this.#file, whole);
		this.#isTorn = false;
		this.#bytes += Buffer.byteLength(whole);
	}

	#empty(): void {
		this.#acknowledged = [];
		ftruncateSync(this.#file);
		this.#bytes = 0;
	}

	/** Begins the file anew with what is open. That is only tidiness: when the disk does not let us, later will do. */
	#compact(): void {
		const temporary = `${this.#path}.new`;
		let file: number | null = null;
		try {
			rmSync(temporary, { force: true });
			file = openSync(temporary, 'a', 0o600);
			writeFileSync(file, [...this.#live.values()].join(''));
			renameSync(temporary, this.#path);
		} catch (error) {
			if (file !== null) closeSync(file);
			removeIfPossible(temporary);
			this.#compactFrom = this.#bytes + COMPACT_BYTES;
			this.#log.warn({ reason: (error as Error).message }, 'the settlements on disk could not be written anew; later');
			return;
		}
		closeSync(this.#file);
		this.#file = file;
		this.#bytes = fstatSync(file).size;
		this.#isTorn = false;
		this.#acknowledged = [];
		this.#compactFrom = COMPACT_BYTES;
	}
}

const lineOf = (number: number, settlement: Settlement): string =>
	`{"s":${number},"v":${JSON.stringify(settlement)}}\n`;

/** What was begun must not take the room that is wanting. */
const removeIfPossible = (path: string): void => {
	try {
		rmSync(path, { force: true });
	} catch {
		// Whatever keeps it there is what has just been logged.
	}
};
