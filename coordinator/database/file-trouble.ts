/** A file of the data folder cannot be used; the message says which, why and what to do, for whoever runs the machine. */
export class FileTrouble extends Error {
	override name = 'FileTrouble';
}

/** What `UnusableLedger` and its likes are known by on their way out of a database thread, where classes are lost. */
const UNUSABLE = 'UNUSABLE_LEDGER';

/** A ledger that is whole, but not one that this build may use. */
export class UnusableLedger extends Error {
	readonly code = UNUSABLE;
}

const SENTENCES: readonly (readonly [codes: RegExp, sentence: (file: string) => string])[] = [
	[
		/^SQLITE_CORRUPT/,
		(file) =>
			`${file} is damaged. It was left as it is: put it aside and restore the newest backup of the data folder.`,
	],
	[
		/^SQLITE_NOTADB/,
		(file) =>
			`${file} is not a database. It was left as it is: put it aside and restore the newest backup of the data folder.`,
	],
	[
		/^(SQLITE_(CANTOPEN|READONLY|PERM|AUTH)|EACCES|EPERM|EROFS)/,
		(file) =>
			`${file} cannot be opened or written: give the account that runs this write permission on the data folder and all that is in it.`,
	],
	[/^(EEXIST|ENOTDIR|EISDIR)/, (file) => `${file} must be a folder, or be free for one: choose another --data.`],
	[/^(SQLITE_FULL|ENOSPC|EDQUOT)/, (file) => `The disk is full, ${file} cannot be written: make room and start again.`],
	[/^(SQLITE_IOERR|EIO)/, (file) => `The disk failed at ${file}: check the disk before anything is started again.`],
];

/** Puts what SQLite or the file system threw about a file into a sentence; null when it is about something else. */
export const fileTrouble = (error: unknown, ledger: string): FileTrouble | null => {
	if (error instanceof FileTrouble) return error;
	const { code, path, syscall, message } = error as Partial<NodeJS.ErrnoException>;
	if (typeof code !== 'string') return null;
	if (code === UNUSABLE) return new FileTrouble(`${ledger}: ${message}.`, { cause: error });
	// The file system says which file, and a socket has none; what comes from SQLite, or its thread, is about the ledger.
	const file = path ?? (syscall === undefined ? ledger : null);
	if (file === null) return null;
	const sentence = SENTENCES.find(([codes]) => codes.test(code))?.[1];
	return sentence ? new FileTrouble(sentence(file), { cause: error }) : null;
};
