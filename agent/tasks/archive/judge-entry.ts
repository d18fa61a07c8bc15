import type { Entry } from 'yauzl';

const UNIX = 3;
const OS_X = 19;
const FILE_KIND = 0xf000;
const SYMLINK = 0xa000;

/** Control characters, and those that turn the direction of writing. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

export const isSymlink = ({ versionMadeBy, externalFileAttributes }: Entry): boolean => {
	const system = versionMadeBy >>> 8;
	return (system === UNIX || system === OS_X) && ((externalFileAttributes >>> 16) & FILE_KIND) === SYMLINK;
};

/** The name as it is safe to show and to use below a folder, and what was wrong with the one in the archive. */
export const safeEntryName = (raw: string): { name: string; finding: string | null } => {
	const seen = raw.replace(UNSEEN, '\ufffd');
	const names = seen.replaceAll('\\', '/').split('/');
	const kept = names.filter((name, at) => (name !== '' || at === names.length - 1) && name !== '.' && name !== '..');
	const drive = /^[A-Za-z]:/.test(seen);
	if (drive && kept[0] !== undefined) kept[0] = kept[0].slice(2);
	const name = kept.join('/').replace(/^\/+/, '') || '_';
	if (names.includes('..')) return { name, finding: 'leads out of the folder (..)' };
	if (drive || /^[\\/]/.test(seen)) return { name, finding: 'is absolute' };
	if (seen !== raw) return { name, finding: 'has control characters' };
	if (seen.includes('\\')) return { name, finding: 'has backslashes' };
	return { name, finding: null };
};
