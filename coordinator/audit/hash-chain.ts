import { createHash } from 'node:crypto';
import type { Json } from '../../shared/protocol/json.ts';

/** An audit row's columns as stored, in the order in which they are hashed. */
export type HashedColumns = readonly [
	seq: number,
	at: number,
	actor: string,
	action: string,
	object: string,
	outcome: string,
	address: string,
	detail: string,
];

/** What the first row follows. */
export const CHAIN_START: Buffer = Buffer.alloc(32);

/** SHA-256 over the previous hash and the row as a JSON array in a fixed order, which has one spelling only. */
export const hashRow = (previous: Uint8Array, columns: HashedColumns): Buffer =>
	createHash('sha256').update(previous).update(JSON.stringify(columns)).digest();

/** JSON with sorted keys: the same detail has the same text, whatever order it was made in. */
export const canonicalJson = (value: Json): string => JSON.stringify(sortKeys(value));

const sortKeys = (value: Json): Json => {
	if (Array.isArray(value)) return value.map(sortKeys);
	if (value === null || typeof value !== 'object') return value;
	const names = Object.keys(value).sort();
	return Object.fromEntries(names.map((name) => [name, sortKeys(value[name] ?? null)]));
};
