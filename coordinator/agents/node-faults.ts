import type { Doer } from '../audit/doer.ts';
import type { Logger } from '../report/logger.ts';
import type { NodeFault } from './node-record.ts';
import type { NodeRegistry } from './node-registry.ts';

/** One line about a node's faults in so much time, however many there are. */
const QUIET_MS = 10_000;

/** Audits a refusal; repeats are told together. */
export type NoteRefusal = (doer: Doer, action: string, object: string) => void;

/**
 * What a node said that cannot be true: figures beyond what is possible, settlements without its seal. Shown
 * with the node, audited, logged; what becomes of the node is for people to decide.
 */
export class NodeFaults {
	readonly #registry: NodeRegistry;
	readonly #noteRefusal: NoteRefusal;
	readonly #logger: Logger;
	readonly #loggedAt = new Map<string, number>();

	constructor(options: { registry: NodeRegistry; noteRefusal: NoteRefusal; logger: Logger }) {
		this.#registry = options.registry;
		this.#noteRefusal = options.noteRefusal;
		this.#logger = options.logger;
	}

	/** Figures of an attempt could not be; they were cut. */
	impossibleUsage(node: string, task: string, figures: readonly string[]): void {
		this.#note(node, 'impossibleUsage', `${figures.join(', ')} of ${task}`, 'node.claim-usage', task);
	}

	/** Settlements came without the seal of the node's link; nothing of them was taken. */
	badSeal(node: string, why: string): void {
		this.#note(node, 'badSeals', why, 'node.settle', node);
	}

	#note(node: string, kind: NodeFault, what: string, action: string, object: string): void {
		const record = this.#registry.find(node);
		if (!record) return;
		const { name } = record.row;
		const before = record.faults ?? { badSeals: 0, impossibleUsage: 0 };
		record.faults = { ...before, [kind]: before[kind] + 1, lastAt: Date.now(), last: what };
		this.#noteRefusal({ actor: node, address: record.link?.address ?? 'gone' }, action, object);
		const now = performance.now();
		if (now - (this.#loggedAt.get(node) ?? Number.NEGATIVE_INFINITY) < QUIET_MS) return;
		this.#loggedAt.set(node, now);
		this.#logger.warn({ node: name, kind, what }, 'a node says what cannot be');
	}
}
