import { STATUS_END } from '../../shared/inbox-name.ts';
import { isClutter } from '../files/path-match.ts';
import { MAX_NAME_BYTES } from '../files/safe-path.ts';

/** What the status of a file in an inbox is called; null: it has none. */
export const statusName = (name: string): string | null => {
	const own = name + STATUS_END;
	// A status that somebody has copied is worked on by nobody.
	const hasNone = isClutter(name) || name.endsWith(STATUS_END) || Buffer.byteLength(own) > MAX_NAME_BYTES;
	return hasNone ? null : own;
};

/** The file of which a name is the status; null: it is no such name. */
export const fileOfStatus = (name: string): string | null =>
	name.endsWith(STATUS_END) && name.length > STATUS_END.length ? name.slice(0, -STATUS_END.length) : null;
