import type { CodedError } from '../../../shared/coded-error.ts';
import type { Place } from '../../drive/place.ts';
import { parsePath } from '../../files/safe-path.ts';
import { addressOf } from './read-address.ts';

/** The address of the lock that was in the way, which the refusal names. */
export const lockedAt = (refusal: CodedError, asked: Place): string => {
	const path = refusal.fields?.[0]?.path;
	if (path === undefined) return addressOf(asked, false);
	const names = parsePath(path);
	// What lies above something is a folder.
	const isFolder = asked.area !== 'top' && names.length < asked.names.length;
	return addressOf({ area: 'files', names }, isFolder);
};
