/** The next free-looking name beside one that is taken: `a.jpg`, `a (2).jpg`, `a (3).jpg`; endings such as .tar.gz stay whole. */
export const nextName = (path: string): string => {
	const slash = path.lastIndexOf('/') + 1;
	const [folder, name] = [path.slice(0, slash), path.slice(slash)];
	const ending = /(?<=[^.])(\.tar)?\.[^.\s]{1,12}$/.exec(name)?.[0] ?? '';
	const stem = name.slice(0, name.length - ending.length);
	const counted = /^(.*) \((\d{1,6})\)$/.exec(stem);
	const [base, count] = counted ? [counted[1], Number(counted[2]) + 1] : [stem, 2];
	return `${folder}${base} (${count})${ending}`;
};
