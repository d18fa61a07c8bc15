import { type ClassSource, type ServiceClassSettings, STANDARD_CLASS } from '../../shared/protocol/service-class.ts';
import { pathUp } from './group-nesting.ts';
import type { Policy } from './policy.ts';

export interface KnownClass {
	name: string;
	version: number;
	settings: ServiceClassSettings;
}

export interface KnownGroup {
	name: string;
	parentSeq: number | null;
	serviceClass: string | null;
}

/** Everything that decides which class counts for whom. */
export interface ClassBook {
	/** By name; the standard class is always among them. */
	classes: ReadonlyMap<string, KnownClass>;
	groups: ReadonlyMap<number, KnownGroup>;
	parentOf: ReadonlyMap<number, number | null>;
}

/** What was given to one person. */
export interface Given {
	/** To the person; null: nothing. */
	own: string | null;
	/** Groups that the person is in. */
	groups: readonly number[];
}

export const isValidAt = ({ validFrom, validUntil }: ServiceClassSettings, now: number): boolean =>
	(validFrom === null || Date.parse(validFrom) <= now) && (validUntil === null || now < Date.parse(validUntil));

/** A class that somebody was given, and by whom. */
interface Candidate {
	found: KnownClass;
	source: ClassSource;
}

const policyOf = ({ found, source }: Candidate): Policy => ({
	serviceClass: found.name,
	version: found.version,
	settings: found.settings,
	source,
});

/** The standard class, for whoever was given nothing that counts. */
export const standardPolicy = (book: ClassBook): Policy =>
	policyOf({ found: book.classes.get(STANDARD_CLASS)!, source: { by: 'default' } });

/**
 * Which class counts now: the person's own; else the best of those of the person's groups, where a group without a valid
 * class has that of the nearest group above it; else the standard one.
 */
export const resolveClass = (given: Given, book: ClassBook, now: number): Policy => {
	const own = given.own === null ? undefined : book.classes.get(given.own);
	if (own && isValidAt(own.settings, now)) return policyOf({ found: own, source: { by: 'user' } });
	const candidates = given.groups.flatMap((group) => nearest(group, book, now) ?? []);
	const [best] = candidates.sort(betterFirst);
	return best ? policyOf(best) : standardPolicy(book);
};

/** The class of the nearest group on the way up that names a valid one. */
const nearest = (from: number, book: ClassBook, now: number): Candidate | null => {
	for (const seq of pathUp(book.parentOf, from)) {
		const group = book.groups.get(seq);
		const found = group?.serviceClass == null ? undefined : book.classes.get(group.serviceClass);
		if (group && found && isValidAt(found.settings, now)) return { found, source: { by: 'group', group: group.name } };
	}
	return null;
};

/** What only gets the leavings is the worst, whatever its band; of equals the name decides, so that it is always the same one. */
const betterFirst = (a: Candidate, b: Candidate): number => {
	const [left, right] = [a.found.settings, b.found.settings];
	return (
		Number(left.idleOnly) - Number(right.idleOnly) ||
		right.band - left.band ||
		right.weight - left.weight ||
		compare(a.found.name, b.found.name) ||
		compare(groupOf(a), groupOf(b))
	);
};

const groupOf = ({ source }: Candidate): string => (source.by === 'group' ? source.group : '');

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The classes that somebody was given and that do not count now, each with the reason. */
export const passedOver = (given: Given, book: ClassBook, now: number, counts: Policy): string[] => {
	const said: string[] = [];
	const tell = (name: string, to: string, whenValid: string): void => {
		const found = book.classes.get(name);
		if (!found) said.push(`class ${name}, given to ${to}: it was deleted`);
		else if (isValidAt(found.settings, now)) said.push(`class ${name}, given to ${to}: ${whenValid}`);
		else said.push(`class ${name}, given to ${to}: ${validityWords(found.settings, now)}`);
	};
	if (given.own !== null && counts.source.by !== 'user') tell(given.own, 'the person', 'does not count');
	const seen = new Set<number>();
	for (const group of given.groups) {
		for (const seq of pathUp(book.parentOf, group)) {
			const known = book.groups.get(seq);
			if (!known || known.serviceClass === null || seen.has(seq)) continue;
			seen.add(seq);
			if (counts.source.by === 'group' && counts.source.group === known.name) continue;
			const why = counts.source.by === 'user' ? 'the person has one of their own' : 'another one is nearer or better';
			tell(known.serviceClass, `group ${known.name}`, why);
		}
	}
	return said;
};

const validityWords = ({ validFrom, validUntil }: ServiceClassSettings, now: number): string =>
	validFrom !== null && now < Date.parse(validFrom)
		? `counts only from ${validFrom} on`
		: `counted until ${validUntil}`;
