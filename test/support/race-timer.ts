/** A promise that rejects after a while unless disposed before: `using timer = new RaceTimer(ms, () => 'why')`. */
export class RaceTimer implements Disposable {
	readonly over: Promise<never>;
	readonly #timer: NodeJS.Timeout;

	constructor(withinMs: number, why: () => string) {
		let give!: (error: Error) => void;
		this.over = new Promise<never>((_, reject) => {
			give = reject;
		});
		this.over.catch(() => {});
		this.#timer = setTimeout(() => give(new Error(`waited ${withinMs} ms: ${why()}`)), withinMs);
	}

	[Symbol.dispose](): void {
		clearTimeout(this.#timer);
	}
}
