import { io, type Socket } from 'socket.io-client';
import { type LivePatch, liveMessageSchema } from '../../shared/protocol/live-updates.ts';
import { waitFor } from '../support/wait-for.ts';
import type { BenchSystem } from './bench-system.ts';

/** Hears over `/live` when tasks change their state; times are this process's `performance.now()`. */
export class LiveStates implements Disposable {
	readonly #socket: Socket;
	readonly #firstSeen = new Map<string, number>();

	private constructor(socket: Socket) {
		this.#socket = socket;
		socket.on('live:patch', (message: unknown) => {
			const at = performance.now();
			for (const patch of liveMessageSchema.parse(message).patches) this.#note(patch, at);
		});
	}

	static async open(system: BenchSystem): Promise<LiveStates> {
		const url = `${system.coordinator.url}/live`;
		const socket = io(url, { transports: ['websocket'], auth: { token: system.api.token }, reconnection: false });
		const states = new LiveStates(socket);
		await new Promise<void>((resolve, reject) => {
			socket.once('connect', resolve);
			socket.once('connect_error', reject);
		});
		const answer = await socket.timeout(5_000).emitWithAck('subscribe', { topics: ['tasks'] });
		if (!answer.ok) throw new Error(`subscribe: ${answer.code}`);
		return states;
	}

	/** When the task was first heard of as running, or as over, if that came together. */
	async begun(id: string): Promise<number> {
		return waitFor(`${id} to run`, () => this.#firstSeen.get(id), { withinMs: 120_000 });
	}

	[Symbol.dispose](): void {
		this.#socket.disconnect();
	}

	#note(patch: LivePatch, at: number): void {
		if (patch.kind !== 'task' || this.#firstSeen.has(patch.id)) return;
		if (patch.state === 'running' || patch.state === 'succeeded') this.#firstSeen.set(patch.id, at);
	}
}
