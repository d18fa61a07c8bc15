import { EventEmitter } from 'node:events';

/**
 * Tells whoever listens that something has changed, after it has been committed. Announcements never steer: nothing in
 * the coordinator waits for a listener, and a listener that throws is the only one harmed.
 */
export class Announcer<Events extends Record<string, unknown>> {
	readonly #emitter = new EventEmitter();
	readonly #onError: (error: unknown) => void;

	constructor(onError: (error: unknown) => void) {
		this.#onError = onError;
		this.#emitter.setMaxListeners(0);
	}

	on<K extends keyof Events & string>(name: K, listener: (event: Events[K]) => void): () => void {
		const guarded = (event: Events[K]): void => {
			try {
				listener(event);
			} catch (error) {
				this.#onError(error);
			}
		};
		this.#emitter.on(name, guarded);
		return () => this.#emitter.off(name, guarded);
	}

	announce<K extends keyof Events & string>(name: K, event: Events[K]): void {
		this.#emitter.emit(name, event);
	}

	/** Lets a busy part skip making an event that nobody would hear. */
	hasListeners(name: keyof Events & string): boolean {
		return this.#emitter.listenerCount(name) > 0;
	}
}
