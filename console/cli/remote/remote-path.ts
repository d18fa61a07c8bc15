import { usageError } from '../failure.ts';

/** `a//b/` and `/a/b` are `/a/b`; the empty path is `/`. Refuses `.` and `..`, which mean nothing on the server. */
export const remotePath = (text: string): string => {
	const names = text
		.normalize('NFC')
		.split('/')
		.filter((name) => name !== '');
	if (names.some((name) => name === '.' || name === '..')) {
		throw usageError(`${text} is not a path on the server: give the whole path, such as /folder/file.txt.`);
	}
	return `/${names.join('/')}`;
};

export const joinRemote = (folder: string, ...names: readonly string[]): string =>
	remotePath([folder, ...names].join('/'));

export const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/';

export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Which kind of thing an id names; null for a path. A path that looks like an id is written with its slash. */
export const idKindOf = (text: string): 'file' | 'folder' | 'task' | null => {
	const match = /^(fil|fol|tsk)_[0-9a-hjkmnp-tv-z]{26}$/.exec(text);
	if (match === null) return null;
	return match[1] === 'fil' ? 'file' : match[1] === 'fol' ? 'folder' : 'task';
};
