import type { NodeMetrics } from '../../shared/protocol/node.ts';
import type { CoordinatorLink } from './coordinator-link.ts';

const EVERY_MS = 1_000;

/** Looks at the machine each second and tells the coordinator what it saw, while there is a link that takes it in. */
export class Samples {
	readonly #link: Pick<CoordinatorLink, 'emitMetrics'>;
	readonly #read: () => NodeMetrics;
	#timer: NodeJS.Timeout | null = null;
	#latest: NodeMetrics;

	constructor(options: { link: Pick<CoordinatorLink, 'emitMetrics'>; read: () => NodeMetrics }) {
		this.#link = options.link;
		this.#read = options.read;
		this.#latest = options.read();
	}

	/** What was seen last; heartbeats carry it too. */
	get latest(): NodeMetrics {
		return this.#latest;
	}

	start(): void {
		this.stop();
		this.#timer = setInterval(() => {
			this.#latest = this.#read();
			this.#link.emitMetrics(this.#latest);
		}, EVERY_MS);
	}

	stop(): void {
		if (this.#timer) clearInterval(this.#timer);
		this.#timer = null;
	}
}
