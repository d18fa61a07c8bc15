import { CodedError } from '../../shared/coded-error.ts';
import type { ProvenanceView } from '../../shared/protocol/provenance.ts';
import type { Ledger } from '../database/ledger.ts';
import { readProvenance } from './provenance-store.ts';

/** Tells how versions of files were made, and what was made of them. */
export class Provenance {
	readonly #ledger: Ledger;

	constructor(options: { ledger: Ledger }) {
		this.#ledger = options.ledger;
	}

	/** Of the newest version unless told. Throws `not-found`. */
	async of(id: string, version: number | null): Promise<{ ownerSeq: number; view: ProvenanceView }> {
		const row = await this.#ledger.read(readProvenance, { id, version });
		if (!row) throw new CodedError('not-found');
		const { ownerSeq, id: file, usedBy, ...rest } = row;
		const tasks = usedBy.map((task) => ({ ...task, createdAt: new Date(task.createdAt).toISOString() }));
		return { ownerSeq, view: { file, ...rest, usedBy: tasks } };
	}
}
