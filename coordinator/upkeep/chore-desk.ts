import type { ChoreView } from '../../shared/protocol/chore.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import { auditOf, type Doer } from '../audit/doer.ts';
import type { Chores } from './chores.ts';

/** Chores as administrators see and begin them. */
export class ChoreDesk {
	readonly #chores: Chores;
	readonly #audit: AuditLog;

	constructor(options: { chores: Chores; audit: AuditLog }) {
		this.#chores = options.chores;
		this.#audit = options.audit;
	}

	list(): ChoreView[] {
		return this.#chores.list();
	}

	/** It is on record who began it before it begins. Throws `not-found`. */
	async runNow(name: string, by: Doer): Promise<ChoreView> {
		this.#chores.require(name);
		await this.#audit.record(auditOf(by, 'chore.run', name));
		return this.#chores.runNow(name);
	}
}
