import { writeFile } from 'node:fs/promises';
import { type Entry, getFileNameLowLevel, openPromise, type ZipFile } from 'yauzl';
import { z } from 'zod';
import { csvCell } from './archive/csv-cell.ts';
import { isSymlink, safeEntryName } from './archive/judge-entry.ts';
import { type Extent, hasOverlap } from './archive/overlap.ts';
import { firstThatFit } from './first-that-fit.ts';
import { readParameters } from './read-parameters.ts';
import { inputError } from './task-failure.ts';
import { onlyInput, type TaskModule } from './task-module.ts';

const MOST_ENTRIES = 10_000;
const parametersSchema = z.object({ maxEntries: z.number().int().min(1).max(MOST_ENTRIES).default(MOST_ENTRIES) });

const MOST_BYTES = 2 * 1024 ** 3;
const MOST_RATIO = 100;
/** Below it no ratio does harm. */
const HARMLESS_BYTES = 1024 * 1024;
const MOST_NAMES = 200;
const MOST_FINDINGS = 50;
const LOCAL_HEADER_BYTES = 30;

/**
 * What a zip archive says is in it: `{entries, bytes, ratio, encrypted, names, findings}` and a list as the output
 * `files.csv`. Nothing is unpacked, and archives in it are not opened. Refuses what does harm when it is unpacked: too
 * many entries, too many bytes, overlapping entries, links. Names that lead elsewhere are shown as they would be safe.
 */
export const archivelist: TaskModule = {
	async run(context) {
		const { maxEntries } = readParameters(parametersSchema, context.parameters);
		const { path, size } = onlyInput(context);
		// Names are decoded here: one that leads elsewhere is to be told of, not the end of it.
		const zip = await openPromise(path, { decodeStrings: false }).catch((error: unknown) => {
			throw judgeZipError(error);
		});
		try {
			return await listEntries(zip, { context, size, maxEntries });
		} catch (error) {
			throw judgeZipError(error);
		} finally {
			zip.close();
		}
	},
};

const listEntries: (
	zip: ZipFile,
	given: { context: Parameters<TaskModule['run']>[0]; size: number; maxEntries: number },
) => ReturnType<TaskModule['run']> = async (zip, { context, size, maxEntries }) => {
	if (zip.entryCount > maxEntries) throw tooMany(zip.entryCount, maxEntries);
	const lines = ['name,size,packed,modified,encrypted\n'];
	const names: string[] = [];
	const findings: { name: string; finding: string }[] = [];
	const extents: Extent[] = [];
	let bytes = 0;
	let packed = 0;
	let encrypted = 0;
	for await (const entry of zip.eachEntry()) {
		context.signal.throwIfAborted();
		// The archive's own word for how many there are need not be true.
		if (extents.length >= maxEntries) throw tooMany(extents.length + 1, maxEntries);
		const raw = getFileNameLowLevel(
			entry.generalPurposeBitFlag,
			entry.fileName as unknown as Buffer,
			entry.extraFields,
			true,
		);
		const { name, finding } = safeEntryName(raw);
		if (isSymlink(entry)) {
			throw inputError('archive-link', `The archive has a symbolic link in it (${shown(name)}), which is refused.`);
		}
		if (finding !== null) findings.push({ name: shown(name), finding });
		extents.push(extentOf(entry));
		bytes += entry.uncompressedSize;
		packed += entry.compressedSize;
		if (entry.isEncrypted()) encrypted += 1;
		if (bytes > MOST_BYTES) {
			throw inputError('archive-too-large', 'What is in the archive would take more than 2 GiB unpacked.');
		}
		names.push(shown(name));
		lines.push(lineOf(entry, name));
	}
	if (bytes > HARMLESS_BYTES && bytes > MOST_RATIO * packed) {
		throw inputError('archive-ratio', `The archive would become more than ${MOST_RATIO} times as large unpacked.`);
	}
	if (hasOverlap(extents, size)) {
		throw inputError('archive-overlap', 'Entries of the archive share the same bytes, as only attacks do.');
	}
	await writeFile(await context.output('files.csv', 'text/csv'), lines.join(''));
	return {
		entries: extents.length,
		bytes,
		ratio: packed === 0 ? 1 : Math.round((bytes / packed) * 100) / 100,
		encrypted,
		names: firstThatFit(names, MOST_NAMES),
		findings: firstThatFit(findings, MOST_FINDINGS),
		findingCount: findings.length,
	};
};

const shown = (name: string): string => (name.length > 100 ? `${name.slice(0, 99)}…` : name);

const extentOf = ({ relativeOffsetOfLocalHeader, compressedSize, fileNameRaw }: Entry): Extent => ({
	at: relativeOffsetOfLocalHeader,
	bytes: LOCAL_HEADER_BYTES + fileNameRaw.length + compressedSize,
});

const lineOf = (entry: Entry, name: string): string => {
	const modified = entry.getLastModDate({ timezone: 'UTC' });
	const at = Number.isNaN(modified.getTime()) ? '' : modified.toISOString();
	return `${csvCell(name)},${entry.uncompressedSize},${entry.compressedSize},${at},${entry.isEncrypted() ? 'yes' : 'no'}\n`;
};

const tooMany = (count: number, most: number) =>
	inputError('archive-entries', `The archive has ${count} entries or more; at most ${most} are listed.`);

/** What the zip reader throws has no class of its own; the disk's errors have a code. */
const judgeZipError = (error: unknown): unknown => {
	if (!(error instanceof Error) || 'failure' in error || 'code' in error || error.name === 'AbortError') return error;
	return inputError('archive-damaged', `The archive cannot be read: ${error.message.slice(0, 200)}.`, error);
};
