import { createHash } from 'node:crypto';
import type { Json } from '../../shared/protocol/json.ts';

/** An audit row as stored, but for its place in the chain. */
export interface ChainedRow {
	seq: number;
	at: number;
	actor: string;
	action: string;
	object: string;
	outcome: string;
	address: string;
	detail: string;
}

/** What the first row follows. */
export const CHAIN_START: Buffer = Buffer.alloc(32);

const PUBLIC_ID = /^[a-z]{3}_[0-9a-z]{26}$/;

/** An object as it stays when the rest is blanked: an id tells of nobody once that is gone; a path or a name may. */
export const lastingObject = (object: string): string => (PUBLIC_ID.test(object) ? object : '');

/** Salted, so that nobody can guess what was blanked by trying likely words. */
export const digestOf = (salt: Uint8Array, { object, address, detail }: ChainedRow): Buffer =>
	createHash('sha256')
		.update(salt)
		.update(JSON.stringify([object, address, detail]))
		.digest();

/** SHA-256 over the previous hash and the row as a JSON array in a fixed order, which has one spelling only. */
export const hashRow = (previous: Uint8Array, row: ChainedRow, digest: Buffer): Buffer => {
	const { seq, at, actor, action, object, outcome } = row;
	const columns = [seq, at, actor, action, lastingObject(object), outcome, digest.toString('hex')];
	return createHash('sha256').update(previous).update(JSON.stringify(columns)).digest();
};

/** JSON with sorted keys: the same detail has the same text, whatever order it was made in. */
export const canonicalJson = (value: Json): string => JSON.stringify(sortKeys(value));

const sortKeys = (value: Json): Json => {
	if (Array.isArray(value)) return value.map(sortKeys);
	if (value === null || typeof value !== 'object') return value;
	const names = Object.keys(value).sort();
	return Object.fromEntries(names.map((name) => [name, sortKeys(value[name] ?? null)]));
};
