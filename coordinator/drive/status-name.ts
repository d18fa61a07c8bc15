import { isClutter } from '../files/path-match.ts';
import { MAX_NAME_BYTES } from '../files/safe-path.ts';

const END = '.status.txt';

/** What the status of a file in an inbox is called; null: it has none. */
export const statusName = (name: string): string | null => {
	const own = name + END;
	return isClutter(name) || Buffer.byteLength(own) > MAX_NAME_BYTES ? null : own;
};

/** The file of which a name is the status; null: it is no such name. */
export const fileOfStatus = (name: string): string | null =>
	name.endsWith(END) && name.length > END.length ? name.slice(0, -END.length) : null;
