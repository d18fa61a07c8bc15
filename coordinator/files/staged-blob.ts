import type { Readable } from 'node:stream';
import type { Pace } from './bandwidth.ts';

/** Content that has arrived whole, but is not in the store yet. */
export interface StagedBlob {
	/** Lower-case hexadecimal. */
	sha256: string;
	size: number;
	/** The first 4 KiB at most. */
	head: Buffer;
	at: StagedAt;
}

/** Small content waits in memory, other content on disk; `linked`: its file has another name outside of the store. */
export type StagedAt = { content: Buffer } | { path: string; linked: boolean };

/**
 * Where content comes from: a stream, or a whole file of ours on the same disk. The file is linked, not copied; its
 * bytes must never change again.
 */
export type BlobSource = Readable | { readonly adopt: string };

export interface StageOptions {
	/** More bytes than this are refused with `file-too-large`. */
	maxBytes: number;
	/** What the sender said; other content is refused with `incomplete-body`. */
	declaredBytes?: number | null | undefined;
	/** What the sender said; other content is refused with `checksum-mismatch`. */
	sha256?: string | null | undefined;
	signal?: AbortSignal | undefined;
	/** How fast a stream may come; it is ended when the stream is. */
	pace?: Pace | null;
	/** Uploads unless told: outputs of attempts may go below the watermark. */
	purpose?: 'upload' | 'output';
}
