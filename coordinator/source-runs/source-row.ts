import type { Database } from 'better-sqlite3';
import { readOperation } from '../database/operation.ts';
import type { Caps } from './allowance.ts';

/** A source as the ledger has it. */
export interface SourceRow extends Caps {
	seq: number;
	id: string;
	ownerSeq: number;
	/** Public id. */
	owner: string;
	name: string;
	version: number;
	type: string;
	/** JSON texts. */
	parameters: string;
	secrets: string;
	datasetSeq: number;
	/** JSON text; null: it begins anew. */
	cursor: string | null;
	cursorVersion: number;
	state: 'active' | 'stopped';
	reason: string | null;
	lastOkAt: number | null;
	createdAt: number;
	updatedAt: number;
}

export const SELECT_SOURCE = `SELECT s.seq, s.id, s.owner_seq AS ownerSeq, u.id AS owner, s.name, s.version, s.type, s.parameters,
	s.secrets, s.dataset_seq AS datasetSeq, s.cursor, s.cursor_version AS cursorVersion, s.most_items AS mostItems,
	s.most_spend_micros AS mostSpendMicros, s.price_micros AS priceMicros, s.state, s.reason, s.last_ok_at AS lastOkAt,
	s.created_at AS createdAt, s.updated_at AS updatedAt FROM sources s JOIN users u ON u.seq = s.owner_seq`;

export const prepareSourceBySeq = (db: Database): ((seq: number) => SourceRow | null) => {
	const find = db.prepare(`${SELECT_SOURCE} WHERE s.seq = ?`);
	return (seq) => (find.get(seq) as SourceRow | undefined) ?? null;
};

/** By public id; null when there is none. */
export const findSource = readOperation('source-runs.find-source', (db) => {
	const find = db.prepare(`${SELECT_SOURCE} WHERE s.id = ?`);
	return (id: string): SourceRow | null => (find.get(id) as SourceRow | undefined) ?? null;
});
