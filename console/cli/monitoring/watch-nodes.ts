import { setTimeout as delay } from 'node:timers/promises';
import { UnreachableError } from '../../../shared/client/client-errors.ts';
import type { HttpClient } from '../../../shared/client/http-client.ts';
import { CodedError } from '../../../shared/coded-error.ts';
import type { NodeView } from '../../../shared/protocol/node.ts';
import type { Context } from '../context.ts';
import type { Output } from '../terminal/output.ts';
import { shortened } from '../terminal/text-width.ts';
import { localTime } from '../terminal/words.ts';
import { boardLines, NodeBoard } from './node-board.ts';

const EVERY_MS = 1_000;

/** Draws the nodes over themselves. */
class NodeScreen {
	readonly #out: Output;
	#drawn = 0;
	#columns = 0;

	constructor(out: Output) {
		this.#out = out;
	}

	draw(nodes: readonly NodeView[], word: string): void {
		// One cell and one line less than there are: some terminals wrap on the last cell, and all scroll on the last line.
		const [width, most] = [this.#out.columns - 1, this.#out.rows - 2];
		const head = [{ text: shortened(`${localTime(new Date().toISOString())}  ${word}`, width), style: undefined }];
		const lines = [head, ...boardLines(nodes, width, most)];
		// What was drawn wider has been wrapped into more lines than it had.
		this.#out.redraw(this.#out.columns < this.#columns ? 'screen' : this.#drawn, lines);
		this.#drawn = lines.length;
		this.#columns = this.#out.columns;
	}
}

const toldOf = ({ id, name, state, running, concurrency, metrics }: NodeView) => ({
	...{ id, name, state, running, concurrency, metrics },
});

/** Shows how all nodes are doing once a second, until the person interrupts. */
export const watchNodes = async (
	{ out, signal }: Context,
	http: HttpClient,
	read: () => Promise<NodeView[]>,
	json: boolean,
): Promise<void> => {
	const board = new NodeBoard();
	const screen = out.isTerminal && !json ? new NodeScreen(out) : null;
	let isSignedOut = false;
	// Loaded only now: most command lines do without socket.io, and it is half of their start.
	const { LiveClient } = await import('../../../shared/client/live-client.ts');
	using live = new LiveClient({
		baseUrl: http.baseUrl,
		auth: http.auth,
		topics: ['nodes', 'node-metrics'],
		onPatch: (patch) => board.hear(patch),
		onResync: () => {
			board.isStale = true;
		},
		onState: (state) => {
			isSignedOut = state === 'signed-out';
		},
	});
	let away: UnreachableError | null = null;
	for (let isFirst = true; ; isFirst = false) {
		const nextAt = performance.now() + EVERY_MS;
		if (isSignedOut) throw new CodedError('unauthenticated', 'The server does not take your token.');
		// Without live updates (a proxy that knows no WebSocket) reading is the way.
		if (board.isStale || live.state !== 'live') {
			try {
				board.isStale = false;
				board.read(await read());
				away = null;
			} catch (error) {
				signal.throwIfAborted();
				board.isStale = true;
				// A coordinator that starts anew comes back; one that was never there does not.
				if (isFirst || !(error instanceof UnreachableError)) throw error;
				away = error;
			}
		}
		const { nodes } = board;
		if (screen) screen.draw(nodes, away ? `${away.server} does not answer; trying again` : 'Ctrl-C ends');
		else if (!away) out.jsonLine({ at: new Date().toISOString(), nodes: nodes.map(toldOf) });
		await delay(Math.max(0, nextAt - performance.now()), undefined, { signal }).catch(() => {});
		signal.throwIfAborted();
	}
};
