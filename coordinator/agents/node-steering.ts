import { CodedError } from '../../shared/coded-error.ts';
import type { NodeView } from '../../shared/protocol/node.ts';
import type { AuditEntry } from '../audit/audit-store.ts';
import { auditOf, type Doer, SYSTEM } from '../audit/doer.ts';
import type { Ledger } from '../database/ledger.ts';
import type { Logger } from '../report/logger.ts';
import type { NodeQueue } from './node-queue.ts';
import { concurrencyOf, type NodeRecord } from './node-record.ts';
import type { NodeRegistry } from './node-registry.ts';
import { type NodeAct, steerNode } from './node-store.ts';

/** What people (and the coordinator itself) decide about nodes. Written with its audit entry before it takes effect. */
export class NodeSteering {
	readonly #registry: NodeRegistry;
	readonly #queue: NodeQueue;
	readonly #ledger: Ledger;
	readonly #logger: Logger;

	constructor(options: { registry: NodeRegistry; queue: NodeQueue; ledger: Ledger; logger: Logger }) {
		this.#registry = options.registry;
		this.#queue = options.queue;
		this.#ledger = options.ledger;
		this.#logger = options.logger;
	}

	/** It takes no more work; what runs goes on. */
	async cordon(id: string, by: Doer): Promise<NodeView> {
		await this.#write(id, 'cordon', auditOf(by, 'node.cordon', id));
		return this.#registry.view(id);
	}

	/** It takes work again: neither cordoned nor suspect, nor told to drain when it comes back. */
	async uncordon(id: string, by: Doer): Promise<NodeView> {
		await this.#write(id, 'uncordon', auditOf(by, 'node.uncordon', id));
		return this.#registry.view(id);
	}

	/** It finishes what it runs and leaves. Holds over restarts on either side until it has left. */
	async drain(id: string, by: Doer): Promise<NodeView> {
		const { row, link } = this.#registry.get(id);
		if (row.revokedAt === null && link === null && this.#queue.runningOn(id) === 0) {
			throw new CodedError(
				'wrong-state',
				`The node ${row.name} is offline and runs nothing. Cordon it to keep it from work.`,
			);
		}
		const record = await this.#write(id, 'drain', auditOf(by, 'node.drain', id));
		record.link?.drain();
		return this.#registry.view(id);
	}

	/** It may not come back; its connection is cut, and what it runs is lost to it. */
	async revoke(id: string, by: Doer): Promise<NodeView> {
		const record = await this.#write(id, 'revoke', auditOf(by, 'node.revoke', id));
		record.link?.close('the node was revoked');
		return this.#registry.view(id);
	}

	async setConcurrency(id: string, concurrency: number, by: Doer): Promise<NodeView> {
		const audit = auditOf(by, 'node.set-concurrency', id, { concurrency });
		const record = await this.#write(id, 'set-concurrency', audit, concurrency);
		record.link?.configure(concurrencyOf(record.row));
		return this.#registry.view(id);
	}

	/** It lost too many different tasks: no more work until somebody looks at it. */
	async suspect(id: string, tasks: readonly string[]): Promise<void> {
		this.#logger.error({ node: this.#registry.nameOf(id), tasks }, 'a node is suspect: it loses what it is given');
		await this.#quietly(id, 'suspect', auditOf(SYSTEM, 'node.suspect', id, { tasks: [...tasks] }));
	}

	/** What was to be drained has left; when it comes back it works again. */
	async drained(id: string): Promise<void> {
		await this.#quietly(id, 'drained', null);
	}

	/** Nobody waits for these; without the ledger they cannot be. */
	async #quietly(id: string, act: NodeAct, audit: AuditEntry | null): Promise<void> {
		try {
			await this.#write(id, act, audit);
		} catch (error) {
			if (error instanceof CodedError && error.code === 'wrong-state') return;
			this.#logger.error({ err: error, node: id, act }, 'a change of a node could not be written');
		}
	}

	async #write(
		id: string,
		act: NodeAct,
		audit: AuditEntry | null,
		concurrency: number | null = null,
	): Promise<NodeRecord> {
		return this.#registry.steered(
			await this.#ledger.write(steerNode, { id, act, concurrency, now: Date.now(), audit }),
		);
	}
}
