import { CodedError } from '../../shared/coded-error.ts';
import { diskFull } from '../database/disk-full.ts';

export const refused = (detail: string, cause?: unknown): CodedError =>
	new CodedError('backup-refused', detail, cause === undefined ? {} : { cause });

const SENTENCES: readonly (readonly [codes: RegExp, sentence: string])[] = [
	[/^(EACCES|EPERM|EROFS|SQLITE_(CANTOPEN|READONLY))/, 'cannot be read or written by the account that runs this'],
	[/^(EIO|ESTALE|SQLITE_IOERR)/, 'is on a disk that failed: check the disk'],
	[/^(ENOENT|EEXIST)/, 'is not there and cannot be made there: choose a folder on a disk'],
	[/^(ENOTDIR|EISDIR)/, 'is not what it should be, a folder or a file'],
	[/^(SQLITE_CORRUPT|SQLITE_NOTADB)/, 'is damaged'],
];

/** Puts what the file system said about a folder of backups into a sentence; other errors come back as they are. */
export const explained = (error: unknown, folder: string): unknown => {
	const { code, path } = error as NodeJS.ErrnoException;
	if (error instanceof CodedError || typeof code !== 'string') return error;
	const where = path ?? folder;
	if (/^(ENOSPC|EDQUOT|SQLITE_FULL)/.test(code)) {
		return diskFull(
			`There is no room at ${where}: what was copied stays and is not copied again.`,
			'then back up again',
			{ cause: error },
		);
	}
	const sentence = SENTENCES.find(([codes]) => codes.test(code))?.[1];
	return sentence ? refused(`${where} ${sentence}.`, error) : error;
};
