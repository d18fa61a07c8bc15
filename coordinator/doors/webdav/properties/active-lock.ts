import type { DriveLock } from '../../../drive/locks.ts';
import type { Place } from '../../../drive/place.ts';
import { addressOf } from '../read-address.ts';
import { escapeXml } from '../xml/write-xml.ts';

/** So many are told at most: shared ones of a folder are told again with everything in it. */
const MOST_TOLD = 32;

/** What the locks on a resource are, as `lockdiscovery` tells it. */
export const activeLocks = (
	locks: readonly DriveLock[],
	{ place, resource }: { place: Place; resource: { kind: 'file' | 'folder' } },
	now: number,
): string => {
	let text = '';
	for (const { token, names, isExclusive, isDeep, holder, expiresAt } of locks.slice(0, MOST_TOLD)) {
		const isHere = place.area !== 'top' && names.length === place.names.length;
		// A lock that comes from above lies on a folder.
		const root = addressOf({ area: 'files', names }, !isHere || resource.kind === 'folder');
		const seconds = Math.max(0, Math.ceil((expiresAt - now) / 1_000));
		text +=
			`<D:activelock><D:locktype><D:write/></D:locktype><D:lockscope><D:${isExclusive ? 'exclusive' : 'shared'}/></D:lockscope>` +
			`<D:depth>${isDeep ? 'infinity' : '0'}</D:depth>${holder ?? ''}<D:timeout>Second-${seconds}</D:timeout>` +
			`<D:locktoken><D:href>${escapeXml(token)}</D:href></D:locktoken>` +
			`<D:lockroot><D:href>${root}</D:href></D:lockroot></D:activelock>`;
	}
	return text;
};
