import type { Json } from '../../../shared/protocol/json.ts';

type JsonObject = Record<string, Json>;

/** One thing that an entry tells of before and after; null: it was not there. */
export interface Change {
	name: string;
	before: string | null;
	after: string | null;
}

const isObject = (value: Json | undefined): value is JsonObject =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const told = (value: Json | undefined): string | null => {
	if (value === undefined || value === null) return null;
	return typeof value === 'string' ? value : JSON.stringify(value);
};

const changed = (name: string, before: Json | undefined, after: Json | undefined): Change[] => {
	const change = { name, before: told(before), after: told(after) };
	return change.before === change.after ? [] : [change];
};

const between = (before: JsonObject, after: JsonObject): Change[] =>
	[...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((name) =>
		changed(name, before[name], after[name]),
	);

/**
 * What an entry's detail says of before and after, and what else it says. Entries tell it in three ways: `before` and
 * `after`; `before` beside what is now; `before` alone of what is gone.
 */
export const changesOf = (detail: JsonObject): { changes: Change[]; rest: JsonObject } => {
	const { before, after, ...rest } = detail;
	if (before === undefined && after === undefined) return { changes: [], rest };
	if (after !== undefined || 'after' in detail) {
		if (isObject(before ?? {}) && isObject(after ?? {})) {
			return { changes: between((before ?? {}) as JsonObject, (after ?? {}) as JsonObject), rest };
		}
		return { changes: changed('', before, after), rest };
	}
	if (isObject(before)) {
		const now = Object.fromEntries(Object.entries(rest).filter(([name]) => name in before));
		const others = Object.fromEntries(Object.entries(rest).filter(([name]) => !(name in before)));
		return { changes: between(before, now), rest: others };
	}
	// One list beside another: the queue's binding keys.
	const lists = Object.entries(rest).filter(([, value]) => Array.isArray(value));
	const [only] = lists;
	if (!Array.isArray(before) || lists.length !== 1 || only === undefined) return { changes: [], rest: detail };
	const [name, now] = only;
	return {
		changes: changed(name, before, now),
		rest: Object.fromEntries(Object.entries(rest).filter(([other]) => other !== name)),
	};
};
