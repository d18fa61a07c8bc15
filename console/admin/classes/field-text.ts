import { parseByteSize } from '../../../shared/byte-size.ts';
import { parseDuration } from '../../../shared/duration.ts';
import type { Json } from '../../../shared/protocol/json.ts';
import type { FieldKind } from './class-fields.ts';
import { words } from './words.ts';

/** What a text means, or why it means nothing. */
export type ReadText = { value: Json | undefined } | { fault: string };

const BYTE_UNITS = [
	['TB', 1e12],
	['TiB', 2 ** 40],
	['GB', 1e9],
	['GiB', 2 ** 30],
	['MB', 1e6],
	['MiB', 2 ** 20],
	['kB', 1e3],
	['KiB', 2 ** 10],
] as const;
const TIME_UNITS = [
	['d', 86_400_000],
	['h', 3_600_000],
	['m', 60_000],
	['s', 1_000],
] as const;

/** The largest unit in which it is whole: what is read back is what it was. */
const exactly = (value: number, units: readonly (readonly [string, number])[], least: string): string => {
	const [name, size] = units.find(([, one]) => value >= one && value % one === 0) ?? [least, 1];
	return `${value / size} ${name}`;
};

const pad = (value: number): string => String(value).padStart(2, '0');

const localText = (at: Date): string => {
	const day = `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
	const [seconds, ms] = [at.getSeconds(), at.getMilliseconds()];
	const rest = ms > 0 ? `:${pad(seconds)}.${String(ms).padStart(3, '0')}` : seconds > 0 ? `:${pad(seconds)}` : '';
	return `${day} ${pad(at.getHours())}:${pad(at.getMinutes())}${rest}`;
};

/** A value as it is written in the form. No limit is an empty field. */
export const textOf = (kind: FieldKind, value: Json): string => {
	if (value === null) return '';
	if (typeof value === 'number') {
		if (kind === 'bytes') return exactly(value, BYTE_UNITS, 'B');
		if (kind === 'duration') return exactly(value, TIME_UNITS, 'ms');
		return String(value);
	}
	if (typeof value === 'boolean') return String(value);
	if (typeof value === 'string') return kind === 'instant' ? localText(new Date(value)) : value;
	if (Array.isArray(value)) return value.join('\n');
	if (kind === 'rate') return `${value.perMinute}:${value.burst}`;
	return Object.entries(value)
		.map(([name, most]) => `${name} ${most}`)
		.join('\n');
};

const numberIn = (text: string): number | null => (/^\d{1,15}(\.\d{1,9})?$/.test(text) ? Number(text) : null);

const linesOf = (text: string): string[] =>
	text
		.split(/[\n,]/)
		.map((line) => line.trim())
		.filter((line) => line !== '');

const or = (value: Json | null, fault: string): ReadText => (value === null ? { fault } : { value });

/** What stands in a field. Undefined: nothing, so that it is as in a plain class. Whether it fits is the schema's to say. */
export const readText = (kind: FieldKind, text: string): ReadText => {
	const trimmed = text.trim();
	switch (kind) {
		case 'text':
			return { value: trimmed };
		case 'switch':
			return { value: text === 'true' };
		case 'names':
			return { value: linesOf(text).length === 0 ? null : linesOf(text) };
		case 'types':
			return readTypes(text);
		default:
			if (trimmed === '') return { value: kind === 'number' ? undefined : null };
	}
	switch (kind) {
		case 'number':
			return or(numberIn(trimmed), words.mustNumber);
		case 'count':
			return or(numberIn(trimmed), words.mustCount);
		case 'bytes':
			return or(parseByteSize(trimmed), words.mustSize);
		case 'duration':
			return or(parseDuration(trimmed), words.mustDuration);
		case 'rate':
			return readRate(trimmed);
		case 'instant':
			return readInstant(trimmed);
	}
};

const readTypes = (text: string): ReadText => {
	const types: Record<string, number> = {};
	for (const line of linesOf(text)) {
		const [, name, digits] = /^(\S+)[\s:=]+(\d{1,9})$/.exec(line) ?? [];
		if (name === undefined) return { fault: words.noTypes(line) };
		if (Object.hasOwn(types, name)) return { fault: words.twice(name) };
		types[name] = Number(digits);
	}
	return { value: types };
};

/** `60:10`: so many a minute, so many at once. */
const readRate = (text: string): ReadText => {
	const [minute = '', burst = ''] = text.split(':').map((part) => part.trim());
	if (minute === '' && burst === '') return { value: null };
	if (minute === '') return { fault: words.noMinute };
	const [perMinute, atOnce] = [numberIn(minute), burst === '' ? 1 : numberIn(burst)];
	if (perMinute === null || atOnce === null) return { fault: words.mustNumbers };
	return { value: { perMinute, burst: atOnce } };
};

const readInstant = (text: string): ReadText => {
	const isTime = /^\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?)?$/.test(text);
	// A day alone would be midnight in UTC, and the rest of the field is in the person's own time.
	const at = isTime ? new Date(text.length === 10 ? `${text}T00:00` : text.replace(' ', 'T')) : null;
	if (at === null || Number.isNaN(at.getTime())) return { fault: words.mustInstant };
	return { value: at.toISOString() };
};
