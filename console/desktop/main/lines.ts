import type { Agent } from 'node:http';
import type { Profile } from '../../bridge.ts';
import { agentFor } from './pinned-agent.ts';
import type { Pins } from './pins.ts';

/** The connections to each coordinator: one set for requests and live updates alike, behind the same certificate. */
export class Lines {
	readonly #pins: Pins;
	readonly #onJudged: () => void;
	readonly #agents = new Map<string, { url: string; agent: Agent }>();

	/** `onJudged` is called whenever a certificate was refused or taken for the first time after that. */
	constructor(pins: Pins, onJudged: () => void) {
		this.#pins = pins;
		this.#onJudged = onJudged;
	}

	agentOf({ id, url }: Profile): Agent {
		const known = this.#agents.get(id);
		if (known?.url === url) return known.agent;
		this.cut(id);
		const agent = agentFor(url, (certificate) => {
			const before = this.#pins.refusedOf(id) !== null;
			const refusal = this.#pins.judge(id, certificate);
			if (before !== (refusal !== null)) this.#onJudged();
			return refusal;
		});
		this.#agents.set(id, { url, agent });
		return agent;
	}

	/** Ends all connections to it; the next request opens new ones, which are judged anew. */
	cut(id: string): void {
		this.#agents.get(id)?.agent.destroy();
		this.#agents.delete(id);
	}
}
