import { CodedError } from '../../shared/coded-error.ts';
import type { SteerAnswer } from '../../shared/protocol/act.ts';
import type { NodeSettings, NodeView, SteeredNode } from '../../shared/protocol/node.ts';
import type { ActRow } from '../acts/act-store.ts';
import { auditOf, type Doer, SYSTEM } from '../audit/doer.ts';
import type { Ledger } from '../database/ledger.ts';
import { newId } from '../database/new-id.ts';
import type { Logger } from '../report/logger.ts';
import { type NodeAct, type SteerArgs, steerNode, undoNode } from './node-act-store.ts';
import type { NodeQueue } from './node-queue.ts';
import { concurrencyOf, type NodeRecord } from './node-record.ts';
import type { NodeRegistry } from './node-registry.ts';
import type { NodeSteered } from './node-store.ts';

/** Why a node is to take no work, and until when (milliseconds since 1970); null: until somebody says otherwise. */
export interface Absence {
	reason: string | null;
	until: number | null;
}

/** Of the verbs that `undo` takes back. */
export const UNDOABLE_NODE_ACTS: readonly string[] = (['cordon', 'uncordon'] satisfies NodeAct[]).map(
	(act) => `node.${act}`,
);

const ALWAYS: Absence = { reason: null, until: null };

/** What people (and the coordinator itself) decide about nodes. Written with its audit entry before it takes effect. */
export class NodeSteering {
	readonly #registry: NodeRegistry;
	readonly #queue: NodeQueue;
	readonly #ledger: Ledger;
	readonly #logger: Logger;
	/** Hears when a node takes work again by itself. */
	onUntil: (at: number) => void = () => {};

	constructor(options: { registry: NodeRegistry; queue: NodeQueue; ledger: Ledger; logger: Logger }) {
		this.#registry = options.registry;
		this.#queue = options.queue;
		this.#ledger = options.ledger;
		this.#logger = options.logger;
	}

	/** It takes no more work; what runs goes on. */
	async cordon(id: string, by: Doer, absence: Absence = ALWAYS): Promise<SteeredNode> {
		const { act } = await this.#say(id, 'cordon', by, absence);
		return { ...this.#registry.view(id), act };
	}

	/** It takes work again: neither cordoned nor suspect, nor told to drain when it comes back. */
	async uncordon(id: string, by: Doer): Promise<SteeredNode> {
		const { act } = await this.#say(id, 'uncordon', by, ALWAYS);
		return { ...this.#registry.view(id), act };
	}

	/** It finishes what it runs and leaves. Holds over restarts on either side until it has left, or until its time. */
	async drain(id: string, by: Doer, absence: Absence = ALWAYS): Promise<SteeredNode> {
		const { row, link } = this.#registry.get(id);
		if (row.revokedAt === null && link === null && this.#queue.runningOn(id) === 0) {
			throw new CodedError(
				'wrong-state',
				`The node ${row.name} is offline and runs nothing. Cordon it to keep it from work.`,
			);
		}
		const { record, act } = await this.#say(id, 'drain', by, absence);
		record.link?.drain();
		return { ...this.#registry.view(id), act };
	}

	/** It may not come back; its connection is cut, and what it runs is lost to it. */
	async revoke(id: string, by: Doer): Promise<NodeView> {
		const record = await this.#write(id, 'revoke', by, { audit: auditOf(by, 'node.revoke', id) });
		record.link?.close('the node was revoked');
		return this.#registry.view(id);
	}

	/** It is in no list any more and may not come back; what it ran keeps its name. Only of one that is gone. */
	async forget(id: string, by: Doer): Promise<void> {
		const { row, link } = this.#registry.get(id);
		if (link !== null || this.#queue.runningOn(id) > 0) {
			const why = link === null ? 'still holds tasks; they run elsewhere in a while' : 'is connected';
			throw new CodedError('wrong-state', `The node ${row.name} ${why}. Revoke it first, or wait until it is offline.`);
		}
		const record = await this.#write(id, 'forget', by, { audit: auditOf(by, 'node.forget', id, { name: row.name }) });
		// It may have connected while that was written.
		record.link?.close('the node was forgotten');
	}

	/** How many tasks it runs at once and which it takes from now on, in one. What runs goes on. */
	async configure(id: string, { concurrency, policy, labels }: NodeSettings, by: Doer): Promise<NodeView> {
		const detail = {
			...(concurrency === undefined ? {} : { concurrency }),
			...(policy === undefined ? {} : { policy }),
			...(labels === undefined ? {} : { labels }),
		};
		const audit = auditOf(by, 'node.configure', id, detail);
		const said = { concurrency: concurrency ?? null, policy, labels };
		const record = await this.#write(id, 'configure', by, { audit, ...said });
		if (concurrency !== undefined) record.link?.configure(concurrencyOf(record.row));
		return this.#registry.view(id);
	}

	/** Takes a cordon or uncordon back, unless the node has been steered since. */
	async undo(act: ActRow, by: Doer): Promise<SteerAnswer> {
		const id = newId('act');
		const audit = auditOf(by, `${act.verb}.undo`, act.object, { undoes: act.id });
		const before = act.before as unknown as NodeSteered;
		const args = { id: act.object, doneAt: act.at, before, undoes: act.seq, act: { id, audit, matched: 1 } };
		const row = await this.#ledger.write(undoNode, args);
		if (!row) return { act: null, matched: 1, changed: 0, skipped: 1, done: true };
		this.#registry.steered(row);
		if (row.steerUntil !== null) this.onUntil(row.steerUntil);
		return { act: id, matched: 1, changed: 1, skipped: 0, done: true };
	}

	/** Its time is over: it takes work again. */
	async return(id: string): Promise<void> {
		await this.#quietly(id, 'return', { audit: auditOf(SYSTEM, 'node.return', id) });
	}

	/** It lost too many different tasks: no more work until somebody looks at it. */
	async suspect(id: string, tasks: readonly string[]): Promise<void> {
		this.#logger.error({ node: this.#registry.nameOf(id), tasks }, 'a node is suspect: it loses what it is given');
		await this.#quietly(id, 'suspect', { audit: auditOf(SYSTEM, 'node.suspect', id, { tasks: [...tasks] }) });
	}

	/** What was to be drained has left; when it comes back it works again, though not before its time. */
	async drained(id: string): Promise<void> {
		await this.#quietly(id, 'drained', {});
	}

	/** Writes it as an act, which it answers with the node. */
	async #say(
		id: string,
		verb: NodeAct,
		by: Doer,
		{ reason, until }: Absence,
	): Promise<{ record: NodeRecord; act: string }> {
		if (until !== null && until <= Date.now()) {
			const field = {
				path: 'until',
				message: 'lies in the past; leave it out to keep the node from work until you say otherwise',
			};
			throw new CodedError('invalid', undefined, { fields: [field] });
		}
		const detail = {
			...(reason === null ? {} : { reason }),
			...(until === null ? {} : { until: new Date(until).toISOString() }),
		};
		const act = newId('act');
		const audit = auditOf(by, `node.${verb}`, id, detail);
		const record = await this.#write(id, verb, by, { audit, reason, until, actId: act });
		if (until !== null) this.onUntil(until);
		return { record, act };
	}

	/** Nobody waits for these; without the ledger they cannot be. */
	async #quietly(id: string, act: NodeAct, more: Partial<SteerArgs>): Promise<void> {
		try {
			await this.#write(id, act, SYSTEM, more);
		} catch (error) {
			if (error instanceof CodedError && error.code === 'wrong-state') return;
			this.#logger.error({ err: error, node: id, act }, 'a change of a node could not be written');
		}
	}

	async #write(id: string, act: NodeAct, by: Doer, more: Partial<SteerArgs>): Promise<NodeRecord> {
		const now = more.audit?.at ?? Date.now();
		const nothing = { reason: null, until: null, concurrency: null, policy: undefined, labels: undefined, audit: null };
		const args: SteerArgs = { ...nothing, id, act, now, by: by.actor, actId: newId('act'), ...more };
		return this.#registry.steered(await this.#ledger.write(steerNode, args));
	}
}
