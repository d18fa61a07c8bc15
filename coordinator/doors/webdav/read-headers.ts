import type { IncomingHttpHeaders } from 'node:http';
import { CodedError } from '../../../shared/coded-error.ts';

export type Depth = 0 | 1 | 'infinity';

const one = (header: string | string[] | undefined): string | undefined =>
	Array.isArray(header) ? header.join(', ') : header?.trim();

/** Null when nothing is said of it. */
export const readDepth = (headers: IncomingHttpHeaders): Depth | null => {
	const text = one(headers.depth)?.toLowerCase();
	if (text === undefined) return null;
	if (text === '0') return 0;
	if (text === '1') return 1;
	if (text === 'infinity') return 'infinity';
	throw new CodedError('bad-request', 'Depth is 0, 1 or infinity.');
};

/** Whether what is at the target may be replaced; it may unless it is said that it may not. */
export const readOverwrite = (headers: IncomingHttpHeaders): boolean => {
	const text = one(headers.overwrite)?.toUpperCase() ?? 'T';
	if (text !== 'T' && text !== 'F') throw new CodedError('bad-request', 'Overwrite is T or F.');
	return text === 'T';
};

const DEFAULT_LOCK_MS = 600_000;

/** How long a lock is asked for: the first of the wishes that can be read. The drive says how long it may be. */
export const readTimeout = (headers: IncomingHttpHeaders): number => {
	for (const wish of (one(headers.timeout) ?? '').split(',')) {
		const [, seconds] = /^\s*second-(\d{1,15})\s*$/i.exec(wish) ?? [];
		if (seconds !== undefined) return Number(seconds) * 1_000;
		if (/^\s*infinite\s*$/i.test(wish)) return Number.POSITIVE_INFINITY;
	}
	return DEFAULT_LOCK_MS;
};

/** The token in the header Lock-Token; null when there is none. */
export const readLockToken = (headers: IncomingHttpHeaders): string | null => {
	const text = one(headers['lock-token']);
	if (text === undefined) return null;
	const token = /^<([^<>\s]{1,512})>$/.exec(text)?.[1];
	if (token === undefined) throw new CodedError('bad-request', 'Lock-Token is a token between < and >.');
	return token;
};

/** The header Destination, which COPY and MOVE need. */
export const readDestination = (headers: IncomingHttpHeaders): string => {
	const text = one(headers.destination);
	if (!text) throw new CodedError('bad-request', 'Say in the header Destination where to.');
	return text;
};
