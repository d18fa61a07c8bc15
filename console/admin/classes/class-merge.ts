import type { Json } from '../../../shared/protocol/json.ts';
import type { ServiceClassSettings } from '../../../shared/protocol/service-class.ts';
import { CLASS_FIELDS, type ClassField } from './class-fields.ts';
import { isSameValue, settingWords, valueAt, withValue } from './setting-values.ts';

export type Side = 'mine' | 'theirs';

/** A setting that somebody else changed meanwhile, with all three values in words. */
export interface MergeRow {
	field: ClassField;
	base: string;
	mine: string;
	theirs: string;
	/** Both changed it, and differently: somebody must choose. */
	isConflict: boolean;
}

export interface Three {
	/** As it was when the change was begun. */
	base: ServiceClassSettings;
	mine: ServiceClassSettings;
	/** As it is there now. */
	theirs: ServiceClassSettings;
}

const valuesAt = ({ base, mine, theirs }: Three, path: string): readonly [Json, Json, Json] => [
	valueAt(base, path),
	valueAt(mine, path),
	valueAt(theirs, path),
];

/** Whatever differs between what one wants and what is there, and whether one must choose. */
export const mergeRows = (three: Three): MergeRow[] =>
	CLASS_FIELDS.flatMap((field) => {
		const [base, mine, theirs] = valuesAt(three, field.path);
		if (isSameValue(mine, theirs)) return [];
		const isConflict = !isSameValue(mine, base) && !isSameValue(theirs, base);
		const [was, wanted, there] = [base, mine, theirs].map((value) => settingWords(field, value)) as [
			string,
			string,
			string,
		];
		return [{ field, base: was, mine: wanted, theirs: there, isConflict }];
	});

/** The side that changed it; where both did, nobody has chosen yet. */
export const firstChoices = (three: Three): Record<string, Side> =>
	Object.fromEntries(
		CLASS_FIELDS.flatMap(({ path }): [string, Side][] => {
			const [base, mine, theirs] = valuesAt(three, path);
			if (isSameValue(mine, theirs)) return [];
			if (isSameValue(mine, base)) return [[path, 'theirs']];
			return isSameValue(theirs, base) ? [[path, 'mine']] : [];
		}),
	);

/** What is there now, with mine where that was chosen. */
export const merged = ({ mine, theirs }: Three, choices: Readonly<Record<string, Side>>): ServiceClassSettings =>
	Object.entries(choices).reduce(
		(settings, [path, side]) => (side === 'mine' ? withValue(settings, path, valueAt(mine, path)) : settings),
		theirs,
	);
