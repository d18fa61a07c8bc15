/** What a screen says: sentences, and functions that make sentences out of what is known. */
type Word = string | ((...parts: never[]) => string);
type Words = Readonly<Record<string, Word>>;

/** Words of another language by catalogue; what it lacks is said in English. */
type Language = Readonly<Record<string, Partial<Record<string, Word>>>>;

/** The languages that there are beside English, by their tags (`de`, `pt-br`): each is a file, named here. */
const LANGUAGES: Readonly<Record<string, Language>> = {};

/** The first of the languages that somebody reads, in the order of the browser, which there is; else English. */
export const languageFor = (tags: readonly string[], languages = LANGUAGES): Language => {
	for (const tag of tags.map((one) => one.toLowerCase())) {
		const primary = tag.split('-', 1)[0] ?? tag;
		const found = languages[tag] ?? languages[primary];
		if (found !== undefined) return found;
		if (primary === 'en') break;
	}
	return {};
};

const SPOKEN = languageFor(globalThis.navigator?.languages ?? []);

/** The words of one part of the screens, in English; `name` is where another language has its own. */
export const catalogue = <T extends Words>(name: string, english: T, language = SPOKEN): T =>
	({ ...english, ...language[name] }) as T;
