import { type ServiceClassSettings, serviceClassSettingsSchema } from '../../../shared/protocol/service-class.ts';
import { CLASS_FIELDS, fieldAt } from './class-fields.ts';
import { readText, textOf } from './field-text.ts';
import { valueAt, withValue } from './setting-values.ts';

/** What stands in the form, by path: texts, so that nothing that was typed is lost. */
export type ClassDraft = Readonly<Record<string, string>>;

/** What a form says: settings, or by path what does not fit. */
export interface ReadDraft {
	settings: ServiceClassSettings | null;
	faults: Readonly<Record<string, string>>;
}

export const draftOf = (settings: ServiceClassSettings): ClassDraft =>
	Object.fromEntries(CLASS_FIELDS.map(({ path, kind }) => [path, textOf(kind, valueAt(settings, path))]));

/** Faults that came from elsewhere, such as the server, each at the field that it is about. */
export const faultsByField = (faults: readonly { path: string; message: string }[]): Record<string, string> => {
	const told: Record<string, string> = {};
	for (const { path, message } of faults) told[fieldAt(path)?.path ?? ''] ??= message;
	return told;
};

export const readDraft = (draft: ClassDraft): ReadDraft => {
	const faults: Record<string, string> = {};
	let said: object = {};
	for (const { path, kind } of CLASS_FIELDS) {
		const read = readText(kind, draft[path] ?? '');
		if ('fault' in read) faults[path] = read.fault;
		else if (read.value !== undefined) said = withValue(said, path, read.value);
	}
	const checked = serviceClassSettingsSchema.safeParse(said);
	if (!checked.success) {
		const issues = checked.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
		for (const [path, message] of Object.entries(faultsByField(issues))) faults[path] ??= message;
	}
	return { settings: checked.success && Object.keys(faults).length === 0 ? checked.data : null, faults };
};
