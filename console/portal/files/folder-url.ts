/** The folder that an address of the files page shows; the top for an address that is malformed. */
export const folderOfUrl = (pathname: string): string => {
	const names = pathname
		.replace(/^\/files/, '')
		.split('/')
		.filter((name) => name !== '');
	try {
		return `/${names.map(decodeURIComponent).join('/')}`;
	} catch {
		return '/';
	}
};

/** The address that shows a folder. */
export const urlOfFolder = (folder: string): string =>
	folder === '/' ? '/files' : `/files${folder.split('/').map(encodeURIComponent).join('/')}`;

/** The address that shows a file's details in its folder. */
export const urlOfFile = (file: { id: string; path: string }): string =>
	`${urlOfFolder(file.path.slice(0, file.path.lastIndexOf('/')) || '/')}?file=${file.id}`;

/** `/a/b` as steps from the top: each with its name and whole path. */
export const stepsTo = (folder: string): { name: string; path: string }[] => {
	const names = folder.split('/').filter((name) => name !== '');
	return names.map((name, at) => ({ name, path: `/${names.slice(0, at + 1).join('/')}` }));
};
