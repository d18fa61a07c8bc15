import type { LiveSource, LiveSourceOptions, LiveState } from '../../../shared/client/live-client.ts';
import type { DesktopWindow, LiveEvent, Place } from '../../bridge.ts';

const NOWHERE: Place = { name: 'No coordinator', color: null, isProduction: false, address: '' };

/** What is handed to other people leads to a server, and is of no other kind. */
const isServer = (address: string): boolean => URL.canParse(address) && /^https?:$/.test(new URL(address).protocol);

/** Which coordinator the page was loaded for: its document says so, so that it is known before anything is drawn. */
export const toldPlace = (page: Pick<Document, 'querySelector'>): Place => {
	const told = page.querySelector('meta[name="millrace-place"]')?.getAttribute('content') ?? 'null';
	const place = (JSON.parse(told) as Place | null) ?? NOWHERE;
	return isServer(place.address) ? place : { ...place, address: NOWHERE.address };
};

/** Live updates that the program hears and passes on. */
export class DesktopLive implements LiveSource {
	readonly #options: LiveSourceOptions;
	readonly #close: () => void;
	#state: LiveState = 'connecting';

	constructor(desktop: Pick<DesktopWindow, 'openLive'>, options: LiveSourceOptions) {
		this.#options = options;
		this.#close = desktop.openLive(options.topics, (event) => this.#hear(event));
	}

	get state(): LiveState {
		return this.#state;
	}

	[Symbol.dispose](): void {
		if (this.#state === 'closed') return;
		this.#close();
		this.#enter('closed');
	}

	#hear(event: LiveEvent): void {
		if (this.#state === 'closed') return;
		switch (event.kind) {
			case 'patches':
				for (const patch of event.patches) this.#options.onPatch(patch);
				break;
			case 'resync':
				this.#options.onResync();
				break;
			case 'state':
				this.#enter(event.state);
				break;
		}
	}

	#enter(state: LiveState): void {
		if (this.#state === state) return;
		this.#state = state;
		this.#options.onState?.(state);
	}
}
