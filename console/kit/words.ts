/** What a screen says: sentences, and functions that make sentences out of what is known. */
type Word = string | ((...parts: never[]) => string);
export type Words = Readonly<Record<string, Word>>;

/** Words of other languages by catalogue; what a language lacks is said in English. */
export type Language = Readonly<Record<string, Partial<Record<string, Word>>>>;

let chosen: Language = {};

/** Chooses the language of all catalogues that are made after it: the entry of a page does so before its screens load. */
export const speak = (language: Language): void => {
	chosen = language;
};

/** The words of one part of the screens, in English; `name` is where another language has its own. */
export const catalogue = <T extends Words>(name: string, english: T): T => ({ ...english, ...chosen[name] }) as T;
