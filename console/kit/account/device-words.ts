const BROWSERS: [RegExp, string][] = [
	[/Edg\//, 'Edge'],
	[/OPR\//, 'Opera'],
	[/Firefox\//, 'Firefox'],
	[/Chrome\//, 'Chrome'],
	[/Safari\//, 'Safari'],
	[/^curl\//, 'curl'],
];
const SYSTEMS: [RegExp, string][] = [
	[/Android/, 'Android'],
	[/iPhone|iPad/, 'iOS'],
	[/Windows/, 'Windows'],
	[/Mac OS X/, 'macOS'],
	[/Linux|X11/, 'Linux'],
];

const find = (table: [RegExp, string][], text: string) => table.find(([pattern]) => pattern.test(text))?.[1];

/** `Linux`, from what a browser says of itself; undefined for one that is not known. */
export const systemOf = (userAgent: string): string | undefined => find(SYSTEMS, userAgent);

/** `Firefox on Linux`, from what a browser says of itself. */
export const deviceWords = (userAgent: string): string => {
	const browser = find(BROWSERS, userAgent);
	const system = systemOf(userAgent);
	if (browser === undefined) return userAgent.slice(0, 60) || 'Unknown program';
	return system === undefined ? browser : `${browser} on ${system}`;
};
