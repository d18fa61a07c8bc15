import { valueInWords } from '../../../shared/class-setting-words.ts';
import type { Json } from '../../../shared/protocol/json.ts';
import { type ServiceClassSettings, serviceClassSettingsSchema } from '../../../shared/protocol/service-class.ts';
import { CLASS_FIELDS, type ClassField } from './class-fields.ts';
import { words } from './words.ts';

/** The settings in what is more than that, such as a class as it is shown. */
export const settingsIn = (view: object): ServiceClassSettings => {
	const keys = Object.keys(serviceClassSettingsSchema.shape);
	return serviceClassSettingsSchema.parse(
		Object.fromEntries(Object.entries(view).filter(([key]) => keys.includes(key))),
	);
};

export const valueAt = (settings: object, path: string): Json =>
	path.split('.').reduce<Json>((at, key) => (at as Record<string, Json>)[key] ?? null, settings as Json);

/** The same with another value there. */
export const withValue = <T extends object>(settings: T, path: string, value: Json): T => {
	const [key = '', ...rest] = path.split('.');
	const inner = (settings as Record<string, Json>)[key];
	const next = rest.length === 0 ? value : withValue((inner ?? {}) as object, rest.join('.'), value);
	return { ...settings, [key]: next as Json };
};

/** Tables are the same whatever the order in which they were written. */
export const isSameValue = (a: Json, b: Json): boolean => ordered(a) === ordered(b);

const ordered = (value: Json): string =>
	typeof value === 'object' && value !== null && !Array.isArray(value)
		? JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
		: JSON.stringify(value);

/** A setting as a person reads it. */
export const settingWords = ({ path, kind }: ClassField, value: Json): string => {
	if (kind === 'switch') return value === true ? words.isOn : words.isOff;
	if (kind === 'text') return typeof value === 'string' && value !== '' ? value : words.nothing;
	if (value === null && kind === 'names') return words.everything;
	if (value === null && path === 'longestRunMs') return words.asItsType;
	if (value === null && kind === 'instant') return path === 'validFrom' ? words.hasBegun : words.forGood;
	if (kind === 'instant')
		return new Date(String(value)).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
	if (kind === 'types' && typeof value === 'object' && value !== null && Object.keys(value).length > 0) {
		return Object.entries(value)
			.map(([type, most]) => `${type} ${most}`)
			.join(', ');
	}
	return valueInWords(path, value);
};

/** A setting that is not the same in two places. */
export interface SettingChange {
	field: ClassField;
	before: string;
	after: string;
}

export const changesBetween = (before: object, after: object): SettingChange[] =>
	CLASS_FIELDS.flatMap((field) => {
		const [was, is] = [valueAt(before, field.path), valueAt(after, field.path)];
		if (isSameValue(was, is)) return [];
		return [{ field, before: settingWords(field, was), after: settingWords(field, is) }];
	});
