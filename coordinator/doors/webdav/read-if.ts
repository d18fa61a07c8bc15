import { CodedError } from '../../../shared/coded-error.ts';

/** Of which a list of the header `If` holds all to be true, for one resource. */
export interface IfList {
	/** The address of what it is about; null: what the request is about. */
	resource: string | null;
	conditions: readonly IfCondition[];
}

export type IfCondition = { isNot: boolean } & ({ token: string } | { etag: string });

/** What is known of a resource, to judge a list by. */
export interface IfState {
	/** Null: there is no file. */
	etag: string | null;
	/** Of the locks that cover it. */
	tokens: ReadonlySet<string>;
}

const MOST_CONDITIONS = 256;
// One piece of the header: a tag or token, an entity tag, a word or a parenthesis.
const PIECE = /\s*(?:<([^<>\s]*)>|\[((?:W\/)?"[\x21\x23-\x7e\x80-\xff]*")\]|(Not)(?=[\s<[])|([()]))/iy;

const refuse = (why: string): never => {
	throw new CodedError('bad-request', `The header If is not usable: ${why}`);
};

/** The lists of the header `If` (RFC 4918, 10.4); none when there is no such header. */
export const readIf = (header: string | undefined): IfList[] => {
	if (header === undefined) return [];
	const lists: IfList[] = [];
	let resource: string | null = null;
	let open: IfCondition[] | null = null;
	let isNot = false;
	let seen = 0;
	/** A tag must be followed by a list. */
	let isTagUsed = true;
	const text = header.trim();
	for (PIECE.lastIndex = 0; PIECE.lastIndex < text.length; ) {
		const [, coded, etag, not, parenthesis] = PIECE.exec(text) ?? refuse('it is not written as RFC 4918 has it.');
		if (seen++ > MOST_CONDITIONS) refuse('it is too long.');
		if (parenthesis === '(') {
			if (open) refuse('a list lies in a list.');
			open = [];
		} else if (parenthesis === ')') {
			if (!open || open.length === 0 || isNot) return refuse('a list is empty.');
			lists.push({ resource, conditions: open });
			open = null;
			isTagUsed = true;
		} else if (open) {
			if (not !== undefined) {
				if (isNot) refuse('Not is there twice.');
				isNot = true;
				continue;
			}
			open.push(etag === undefined ? { isNot, token: coded! } : { isNot, etag });
			isNot = false;
		} else {
			if (coded === undefined || !isTagUsed) return refuse('there is something outside of its lists.');
			if (resource === null && lists.length > 0) refuse('lists with and without a tag are mixed.');
			resource = coded;
			isTagUsed = false;
		}
	}
	if (open || !isTagUsed || lists.length === 0) refuse('it ends too early.');
	return lists;
};

/** All tokens in it: whoever writes one knows of the lock, whatever is asked about it. */
export const tokensIn = (lists: readonly IfList[]): string[] =>
	lists.flatMap(({ conditions }) => conditions.flatMap((one) => ('token' in one ? [one.token] : [])));

/** Whether one of the lists is true; also when there is none at all. */
export const holds = async (
	lists: readonly IfList[],
	stateOf: (resource: string | null) => Promise<IfState>,
): Promise<boolean> => {
	for (const { resource, conditions } of lists) {
		const { etag, tokens } = await stateOf(resource);
		const isTrue = (one: IfCondition): boolean => ('token' in one ? tokens.has(one.token) : one.etag === etag);
		if (conditions.every((one) => isTrue(one) !== one.isNot)) return true;
	}
	return lists.length === 0;
};
