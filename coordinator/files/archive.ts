import type { FileHandle } from 'node:fs/promises';
import { PassThrough, type Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { ArchiveNames } from './archive-names.ts';
import type { WalkFile } from './walk-store.ts';

const READ_BYTES = 256 * 1024;

/** What an archive needs of the files room. */
export interface ArchiveSource {
	walk(ownerSeq: number, names: string[]): AsyncGenerator<{ folder: string } | { folder: string; file: WalkFile }>;
	open(sha256: string, size: number): Promise<FileHandle>;
}

/**
 * A folder as a zip that is made while it is read: stored, not compressed, so it costs no more than a download. Stops
 * reading when the stream is destroyed; breaks off when some content cannot be read, so that nothing is missing unseen.
 * Throws `not-found` or `not-a-folder` before there is a stream.
 */
export const archiveFolder = async (source: ArchiveSource, ownerSeq: number, names: string[]): Promise<Readable> => {
	const steps = source.walk(ownerSeq, names);
	const first = await steps.next();
	const zip = new ZipFile();
	const output = new PassThrough({ highWaterMark: READ_BYTES });
	// yazl's own stream is of an older kind; destroying ours must not depend on it.
	zip.outputStream.pipe(output);
	const fill = async (): Promise<void> => {
		const paths = new ArchiveNames();
		for (let step = first; !step.done && !output.destroyed; step = await steps.next()) {
			if ('file' in step.value)
				await addFile(zip, source, step.value.file, paths.file(step.value.folder, step.value.file.name), output);
			else zip.addEmptyDirectory(paths.folder(step.value.folder));
		}
		zip.end();
	};
	zip.on('error', (error: Error) => output.destroy(error));
	fill().catch((error: Error) => output.destroy(error));
	return output;
};

const addFile = async (
	zip: ZipFile,
	source: ArchiveSource,
	file: WalkFile,
	path: string,
	output: PassThrough,
): Promise<void> => {
	const handle = await source.open(file.sha256, file.size);
	const content = handle.createReadStream({ highWaterMark: READ_BYTES });
	const stop = (): void => void content.destroy();
	output.once('close', stop);
	if (output.destroyed) stop();
	try {
		zip.addReadStream(content, path, {
			compress: false,
			size: file.size,
			mtime: new Date(file.modifiedAt),
			mode: 0o100644,
		});
		// One file after the other: there is never more than one open.
		await finished(content, { writable: false });
	} finally {
		output.off('close', stop);
		stop();
	}
};
