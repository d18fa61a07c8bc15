export interface JsonBounds {
	/** Arrays and objects inside each other. */
	depth: number;
	/** Values in all, those in arrays and objects included. */
	values: number;
}

/**
 * Whether a parsed JSON value is neither nested deeper nor larger. Whatever walks a value afterwards (schemas, writing it
 * as text) recurses into it: without this a stranger decides how much of the stack that takes.
 */
export const isWithinBounds = (value: unknown, { depth, values }: JsonBounds): boolean => {
	let left = values;
	const fits = (one: unknown, depthLeft: number): boolean => {
		left -= 1;
		if (left < 0) return false;
		if (typeof one !== 'object' || one === null) return true;
		if (depthLeft === 0) return false;
		if (Array.isArray(one)) return one.every((item) => fits(item, depthLeft - 1));
		for (const key in one) if (!fits((one as Record<string, unknown>)[key], depthLeft - 1)) return false;
		return true;
	};
	return fits(value, depth);
};
