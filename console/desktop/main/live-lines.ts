import { LiveClient } from '../../../shared/client/live-client.ts';
import type { LivePatch, LiveTopic } from '../../../shared/protocol/live-updates.ts';
import type { LiveEvent, Profile } from '../../bridge.ts';
import type { Lines } from './lines.ts';
import type { Sessions } from './sessions.ts';

/** Many patches in one message: the window shows them four times a second at most. */
const GATHER_MS = 50;
/** A page needs one. */
const MOST_LINES = 4;

type Tell = (event: LiveEvent) => void;

/** One line for live updates, from a coordinator to the window. */
class LiveLine implements Disposable {
	readonly #client: LiveClient;
	readonly #tell: Tell;
	#patches: LivePatch[] = [];
	#timer: NodeJS.Timeout | null = null;

	constructor(options: {
		profile: Profile;
		topics: readonly LiveTopic[];
		agent: object;
		cookie: string | null;
		tell: Tell;
	}) {
		this.#tell = options.tell;
		this.#client = new LiveClient({
			baseUrl: options.profile.url,
			agent: options.agent,
			auth: options.cookie === null ? { kind: 'none' } : { kind: 'cookie', cookie: options.cookie },
			topics: options.topics,
			onPatch: (patch) => this.#gather(patch),
			onResync: () => this.#say({ kind: 'resync' }),
			onState: (state) => this.#say({ kind: 'state', state }),
		});
	}

	[Symbol.dispose](): void {
		if (this.#timer !== null) clearTimeout(this.#timer);
		this.#patches = [];
		this.#client[Symbol.dispose]();
	}

	#gather(patch: LivePatch): void {
		this.#patches.push(patch);
		this.#timer ??= setTimeout(() => this.#flush(), GATHER_MS);
	}

	/** What came before is told before. */
	#say(event: LiveEvent): void {
		this.#flush();
		this.#tell(event);
	}

	#flush(): void {
		if (this.#timer !== null) clearTimeout(this.#timer);
		this.#timer = null;
		const patches = this.#patches;
		this.#patches = [];
		if (patches.length > 0) this.#tell({ kind: 'patches', patches });
	}
}

/** The lines that the window has open. They end with the page that opened them. */
export class LiveLines {
	readonly #lines: Lines;
	readonly #sessions: Sessions;
	readonly #tell: (id: number, event: LiveEvent) => void;
	readonly #open = new Map<number, LiveLine>();

	constructor(options: { lines: Lines; sessions: Sessions; tell(id: number, event: LiveEvent): void }) {
		this.#lines = options.lines;
		this.#sessions = options.sessions;
		this.#tell = options.tell;
	}

	open(id: number, topics: readonly LiveTopic[], profile: Profile): void {
		this.close(id);
		if (this.#open.size >= MOST_LINES) throw new Error('Too many lines for live updates are open.');
		this.#open.set(
			id,
			new LiveLine({
				profile,
				topics,
				agent: this.#lines.agentOf(profile),
				cookie: this.#sessions.of(profile.id),
				tell: (event) => this.#tell(id, event),
			}),
		);
	}

	close(id: number): void {
		this.#open.get(id)?.[Symbol.dispose]();
		this.#open.delete(id);
	}

	closeAll(): void {
		for (const id of [...this.#open.keys()]) this.close(id);
	}
}
