import { readdirSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { metricIn } from '../bench/bench-system.ts';
import { childrenOf, residentBytes } from '../support/processes.ts';
import type { RunningCoordinator } from '../support/start-coordinator.ts';

/** One look at one process. */
export interface Sample {
	/** Seconds since the soak began. */
	at: number;
	/** Which process it is; its children are one more of their own. */
	name: string;
	/** How many kills it was after, and seconds since the last. */
	life: number;
	age: number;
	residentBytes: number;
	/** Null for the sum over children. */
	descriptors: number | null;
	/** What V8 has in use; of the coordinator only, which tells it. */
	heapBytes: number | null;
}

interface Watched {
	readonly name: string;
	readonly pid: number;
	readonly process: { readonly isRunning: boolean };
}

const descendantsOf = (pid: number): number[] => childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)]);

/** A child may end while it is looked at. */
const orNothing = (look: () => number): number => {
	try {
		return look();
	} catch {
		return 0;
	}
};

/** Open descriptors, but for those of the 256 folders of content: each stays open once something was synced in it. */
const descriptorsOf = (pid: number): number =>
	readdirSync(`/proc/${pid}/fd`).filter((fd) => {
		try {
			return !/\/blobs\/[0-9a-f]{2}$/.test(readlinkSync(`/proc/${pid}/fd/${fd}`));
		} catch {
			// Closed meanwhile.
			return false;
		}
	}).length;

/** Looks at the processes of a soak every so often. */
export class Samples implements Disposable {
	readonly all: Sample[] = [];
	/** Sizes of the ledger's log, by seconds since the soak began. */
	readonly logSizes: { at: number; bytes: number }[] = [];
	readonly #coordinator: RunningCoordinator;
	readonly #agents: readonly Watched[];
	readonly #startedAt = performance.now();
	readonly #timer: NodeJS.Timeout;
	#life = 0;
	#bornAt = 0;

	constructor(coordinator: RunningCoordinator, agents: readonly Watched[], everyMs: number) {
		this.#coordinator = coordinator;
		this.#agents = agents;
		this.#timer = setInterval(() => void this.#look(), everyMs);
	}

	get seconds(): number {
		return (performance.now() - this.#startedAt) / 1_000;
	}

	/** Everything is about to be killed. */
	nextLife(): void {
		this.#life += 1;
		this.#bornAt = this.seconds;
	}

	[Symbol.dispose](): void {
		clearInterval(this.#timer);
	}

	async #look(): Promise<void> {
		const [at, life, age] = [this.seconds, this.#life, this.seconds - this.#bornAt];
		const log = statSync(join(this.#coordinator.data, 'ledger.db-wal'), { throwIfNoEntry: false });
		this.logSizes.push({ at, bytes: log?.size ?? 0 });
		const heapBytes = await this.#heap();
		const watched = [{ name: 'coordinator', pid: this.#coordinator.pid, process: this.#coordinator.process }];
		for (const { name, pid, process } of [...watched, ...this.#agents]) {
			// Asked for the heap, the coordinator may have been killed meanwhile; what comes after it is another life.
			if (!process.isRunning || life !== this.#life) continue;
			const own = orNothing(() => residentBytes(pid));
			if (own === 0) continue;
			const descriptors = orNothing(() => descriptorsOf(pid));
			const heap = name === 'coordinator' ? heapBytes : null;
			this.all.push({ at, name, life, age, residentBytes: own, descriptors, heapBytes: heap });
			const children = orNothing(() =>
				descendantsOf(pid).reduce((sum, one) => sum + orNothing(() => residentBytes(one)), 0),
			);
			if (name === 'coordinator') continue;
			const more = { residentBytes: children, descriptors: null, heapBytes: null };
			this.all.push({ at, name: `${name}, its children`, life, age, ...more });
		}
	}

	async #heap(): Promise<number | null> {
		try {
			const { status, body } = await this.#coordinator.api.raw('GET', '/metrics');
			return status === 200 ? metricIn(body.toString('utf8'), 'millrace_nodejs_heap_size_used_bytes') : null;
		} catch {
			// It is being killed, or starts.
			return null;
		}
	}
}
