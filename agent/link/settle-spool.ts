import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Settlement, settlementSchema } from '../../shared/protocol/agent-link.ts';

/** The file is begun anew when it is larger than this and mostly acknowledged. */
const COMPACT_BYTES = 8 * 1024 * 1024;
/** With nothing to keep, the file is emptied from this size on: not after every batch. */
const EMPTY_BYTES = 256 * 1024;
/** What a restart takes up again at most; older settlements are given up (their leases ran out long ago). */
const MOST_KEPT = 10_000;

type Line = { s: number; v: Settlement } | { a: number[] };

/**
 * Settlements on disk until they are acknowledged: a file of lines, `{s, v}` for a settlement under a number and
 * `{a}` for numbers that were acknowledged. Not synced: it survives the agent's death, and a settlement lost with the
 * machine is one the coordinator runs again. A torn last line is skipped.
 */
export class SettleSpool {
	readonly #path: string;
	readonly #live = new Map<number, string>();
	#file: number;
	#bytes: number;
	#liveBytes = 0;
	#next = 1;
	#acknowledged: number[] = [];

	private constructor(path: string, file: number, bytes: number) {
		this.#path = path;
		this.#file = file;
		this.#bytes = bytes;
	}

	/** Opens the spool; `kept` are the settlements of an earlier run that nobody acknowledged, with their numbers. */
	static open(path: string): { spool: SettleSpool; kept: Map<number, Settlement> } {
		mkdirSync(dirname(path), { recursive: true });
		const kept = readKept(path);
		const spool = new SettleSpool(path, openSync(path, 'a', 0o600), 0);
		for (const [number, settlement] of kept) spool.#remember(number, spool.#line(number, settlement));
		spool.#next = Math.max(0, ...kept.keys()) + 1;
		spool.#compact();
		return { spool, kept };
	}

	/** Writes a batch in one go; answers with the numbers to acknowledge by. */
	append(settlements: readonly Settlement[]): number[] {
		const numbers: number[] = [];
		let text = this.#takeAcknowledged();
		for (const settlement of settlements) {
			const number = this.#next++;
			const line = this.#line(number, settlement);
			this.#remember(number, line);
			numbers.push(number);
			text += line;
		}
		this.#write(text);
		return numbers;
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
		else if (this.#bytes > Math.max(COMPACT_BYTES, this.#liveBytes * 2)) this.#compact();
	}

	close(): void {
		if (this.#live.size === 0) this.#empty();
		else this.#write(this.#takeAcknowledged());
		closeSync(this.#file);
	}

	#line(number: number, settlement: Settlement): string {
		return `{"s":${number},"v":${JSON.stringify(settlement)}}\n`;
	}

	#remember(number: number, line: string): void {
		this.#live.set(number, line);
		this.#liveBytes += line.length;
	}

	#takeAcknowledged(): string {
		if (this.#acknowledged.length === 0) return '';
		const line = `{"a":[${this.#acknowledged.join()}]}\n`;
		this.#acknowledged = [];
		return line;
	}

	#write(text: string): void {
		if (text !== '') this.#bytes += writeSync(this.#file, text);
	}

	#empty(): void {
		this.#acknowledged = [];
		ftruncateSync(this.#file);
		this.#bytes = 0;
	}

	#compact(): void {
		const temporary = `${this.#path}.new`;
		const file = openSync(temporary, 'w', 0o600);
		this.#bytes = writeSync(file, [...this.#live.values()].join(''));
		this.#acknowledged = [];
		closeSync(this.#file);
		renameSync(temporary, this.#path);
		closeSync(file);
		this.#file = openSync(this.#path, 'a', 0o600);
	}
}

const parseLine = (text: string): Line | null => {
	try {
		return JSON.parse(text);
	} catch {
		// Torn by the death of the agent: what it was about is simply not known.
		return null;
	}
};

const readKept = (path: string): Map<number, Settlement> => {
	const kept = new Map<number, Settlement>();
	let text: string;
	try {
		text = readFileSync(path, 'utf8');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return kept;
		throw error;
	}
	for (const row of text.split('\n')) {
		const line = row === '' ? null : parseLine(row);
		if (typeof line !== 'object' || line === null) continue;
		if ('a' in line) for (const number of line.a) kept.delete(number);
		else {
			const settlement = settlementSchema.safeParse(line.v);
			if (settlement.success) kept.set(line.s, settlement.data);
		}
	}
	for (const number of [...kept.keys()].slice(0, Math.max(0, kept.size - MOST_KEPT))) kept.delete(number);
	return kept;
};
