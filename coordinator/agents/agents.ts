import type { Ledger } from '../database/ledger.ts';
import type { Announcer } from '../report/announcer.ts';
import type { Logger } from '../report/logger.ts';
import { Joining } from './joining.ts';
import { LossWatch } from './loss-watch.ts';
import type { NodeEvents } from './node-events.ts';
import { NodeFaults, type NoteRefusal } from './node-faults.ts';
import { NodeLinks } from './node-links.ts';
import type { NodeQueue } from './node-queue.ts';
import { NodeRegistry } from './node-registry.ts';
import { NodeReturns } from './node-returns.ts';
import { NodeSteering } from './node-steering.ts';
import { NodeTokens } from './node-tokens.ts';
import { SeenWriter } from './seen-writer.ts';

export interface AgentsOptions {
	ledger: Ledger;
	queue: NodeQueue;
	announcer: Announcer<NodeEvents>;
	logger: Logger;
	/** Left out: refusals are not audited. */
	noteRefusal?: NoteRefusal;
	/** How often it is written when nodes were last heard of. */
	seenEveryMs?: number;
}

/** The room of the nodes: who may join, who is there, what administrators said about them. */
export class Agents {
	readonly tokens: NodeTokens;
	readonly joining: Joining;
	readonly nodes: NodeRegistry;
	readonly steering: NodeSteering;
	readonly links: NodeLinks;
	readonly losses: LossWatch;
	readonly faults: NodeFaults;
	readonly #seen: SeenWriter;
	readonly #returns: NodeReturns;

	private constructor(options: AgentsOptions, nodes: NodeRegistry) {
		const { ledger, queue, logger, seenEveryMs = 5_000, noteRefusal = () => {} } = options;
		this.nodes = nodes;
		this.tokens = new NodeTokens({ ledger });
		this.joining = new Joining({ ledger, onJoined: (row) => nodes.add(row) });
		this.steering = new NodeSteering({ registry: nodes, queue, ledger, logger });
		this.#returns = new NodeReturns({ ledger, steering: this.steering, logger });
		this.#seen = new SeenWriter({ ledger, logger, everyMs: seenEveryMs });
		this.faults = new NodeFaults({ registry: nodes, noteRefusal, logger });
		this.links = new NodeLinks({
			...{ registry: nodes, steering: this.steering, queue, seen: this.#seen, faults: this.faults, ledger, logger },
		});
		this.losses = new LossWatch({ registry: nodes, steering: this.steering });
	}

	/** Reads all nodes; each is offline until it connects. */
	static async open(options: AgentsOptions): Promise<Agents> {
		return new Agents(options, await NodeRegistry.load(options));
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.nodes.close();
		await this.#returns.close();
		await this.#seen.close();
	}
}
