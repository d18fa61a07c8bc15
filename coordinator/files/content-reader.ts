import type { FileHandle } from 'node:fs/promises';

/** Where the bytes of some content come from; whoever opens closes. Small ones come whole. */
export interface ContentReader {
	/** Throws `content-lost` or `content-changed` when it is not there as it was. */
	open(sha256: string, size: number): Promise<FileHandle>;
	/** For at most `SMALL_BYTES`. */
	readSmall(sha256: string, size: number): Promise<Buffer>;
}
