import { readFileSync } from 'node:fs';
import { type Settlement, settlementSchema } from '../../shared/protocol/agent-link.ts';

/** What a restart takes up again at most; older settlements are given up (their leases ran out long ago). */
const MOST_KEPT = 10_000;
/** Numbers count up from what was found: far below where counting by one ends. */
const HIGHEST_NUMBER = 2 ** 50;

/** What an earlier run has left in a spool of settlements. */
export interface FoundSettlements {
	/** Those that nobody acknowledged, by their numbers. */
	kept: Map<number, Settlement>;
	/** Lines that make no sense: torn by the death of the agent, or by a bad disk. */
	damaged: number;
	/** The highest number that was given out. */
	highest: number;
}

/** Reads a spool, whatever is in it; a damaged line is skipped, and what it was about is simply not known. */
export const readSpool = (path: string): FoundSettlements => {
	const found: FoundSettlements = { kept: new Map(), damaged: 0, highest: 0 };
	for (const row of readText(path).split('\n')) {
		if (row !== '' && !takeRow(row, found)) found.damaged += 1;
	}
	const { kept } = found;
	for (const number of [...kept.keys()].slice(0, Math.max(0, kept.size - MOST_KEPT))) kept.delete(number);
	return found;
};

const readText = (path: string): string => {
	try {
		return readFileSync(path, 'utf8');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
		throw error;
	}
};

/** Whether the row made sense. */
const takeRow = (row: string, found: FoundSettlements): boolean => {
	let line: unknown;
	try {
		line = JSON.parse(row);
	} catch {
		return false;
	}
	if (typeof line !== 'object' || line === null) return false;
	if ('a' in line) {
		if (!Array.isArray(line.a) || !line.a.every(isNumber)) return false;
		for (const number of line.a) found.kept.delete(number);
		return true;
	}
	if (!('s' in line) || !isNumber(line.s) || !('v' in line)) return false;
	const settlement = settlementSchema.safeParse(line.v);
	if (!settlement.success) return false;
	found.kept.set(line.s, settlement.data);
	found.highest = Math.max(found.highest, line.s);
	return true;
};

const isNumber = (value: unknown): value is number =>
	Number.isSafeInteger(value) && (value as number) > 0 && (value as number) < HIGHEST_NUMBER;
