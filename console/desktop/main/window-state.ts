import { z } from 'zod';
import { JsonFile } from './json-file.ts';

const boundsSchema = z.object({
	x: z.number().int(),
	y: z.number().int(),
	width: z.number().int().min(1).max(20_000),
	height: z.number().int().min(1).max(20_000),
});
export type Bounds = z.infer<typeof boundsSchema>;
const stateSchema = z.object({ bounds: boundsSchema.nullable(), isMaximized: z.boolean() });
type State = z.infer<typeof stateSchema>;

const USUAL = { width: 1440, height: 900 };
/** So much of its top must be on a screen, or nobody could move it back. */
const SEEN = { width: 120, height: 40 };

/** Where a window goes that was there before, given the screens that are there now. */
export const placeOf = ({ bounds }: State, screens: readonly Bounds[]): Partial<Bounds> & typeof USUAL => {
	if (bounds === null) return USUAL;
	const isSeen = screens.some(
		({ x, y, width, height }) =>
			Math.min(bounds.x + bounds.width, x + width) - Math.max(bounds.x, x) >= SEEN.width &&
			bounds.y >= y &&
			bounds.y <= y + height - SEEN.height,
	);
	return isSeen ? bounds : { width: bounds.width, height: bounds.height };
};

/** How large the window was, and where. */
export class WindowState {
	readonly #file: JsonFile<State>;

	constructor(path: string, onBroken: (sentence: string) => void) {
		this.#file = new JsonFile({ path, schema: stateSchema, empty: { bounds: null, isMaximized: false }, onBroken });
	}

	get isMaximized(): boolean {
		return this.#file.value.isMaximized;
	}

	place(screens: readonly Bounds[]) {
		return placeOf(this.#file.value, screens);
	}

	keep(state: State): void {
		try {
			this.#file.write(state);
		} catch (error) {
			// Not worth a word to anybody: the next window has the usual place.
			console.error('the window’s place could not be kept:', error);
		}
	}
}
