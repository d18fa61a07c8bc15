import type { AnyRoute } from './route.ts';

/** Which methods there are at a path, for the answer to one that there is not. */
export class PathMethods {
	readonly #patterns: { pattern: RegExp; method: string }[];

	constructor(routes: readonly AnyRoute[]) {
		this.#patterns = routes.map(({ path, method }) => ({ pattern: patternOf(path), method }));
	}

	allowedAt(path: string): string[] {
		const found = this.#patterns.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
		if (found.includes('GET')) found.push('HEAD');
		return [...new Set(found)].sort();
	}
}

const patternOf = (path: string): RegExp => {
	const source = path
		.replaceAll('::', '\u0000')
		.replace(/[.+?^${}()|[\]\\]/g, '\\$&')
		.replace(/:[A-Za-z]+/g, '[^/:]+')
		.replace(/\*$/, '.+')
		.replaceAll('\u0000', ':');
	return new RegExp(`^${source}$`);
};
