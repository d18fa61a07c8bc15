import { CodedError } from '../../shared/coded-error.ts';

/** The cursor of a list that is ordered by a row's number. Opaque to callers, so that its make can change. */
export const writeSeqCursor = (seq: number): string => Buffer.from(`s${seq}`).toString('base64url');

/** The number in a cursor; null when the list begins. Throws `bad-cursor` for anything that no list gave out. */
export const readSeqCursor = (cursor: string | undefined): number | null => {
	if (cursor === undefined) return null;
	const text = Buffer.from(cursor, 'base64url').toString('latin1');
	const seq = /^s\d{1,16}$/.test(text) ? Number(text.slice(1)) : Number.NaN;
	if (!Number.isSafeInteger(seq) || writeSeqCursor(seq) !== cursor) throw new CodedError('bad-cursor');
	return seq;
};

/** A page of views of rows, of which one more than the page holds was read where there are more. */
export const pageBySeq = <Row extends { seq: number }, View>(
	rows: readonly Row[],
	limit: number,
	view: (row: Row) => View,
): { items: View[]; nextCursor: string | null } => ({
	items: rows.slice(0, limit).map(view),
	nextCursor: rows.length > limit ? writeSeqCursor(rows[limit - 1]!.seq) : null,
});
