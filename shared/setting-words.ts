import { bytesInWords } from './byte-words.ts';
import { durationInWords } from './duration-words.ts';
import type { Json } from './protocol/json.ts';

const TIMES = new Set(['lease', 'heartbeat', 'linkGrace', 'slowBody', 'backupEvery']);
const SIZES = new Set(['maxFileSize', 'freeSpace', 'scrubRate', 'journalBytes', 'historyBytes']);
/** Of these 0 is no limit. */
const KEPT_FOR_EVER = new Set(['trashDays', 'logDays', 'taskDays', 'versionDays', 'versionCount', 'usageMonths']);

const isObject = (value: Json): value is { [key: string]: Json } =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const clock = (minutes: number): string =>
	`${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

/** A setting of the coordinator as it tells it, for people. */
export const settingInWords = (name: string, value: Json): string => {
	if (isObject(value)) {
		if (typeof value.isSet === 'boolean') return value.isSet ? 'set' : 'not set';
		if (typeof value.entries === 'number') return value.entries === 1 ? '1 entry' : `${value.entries} entries`;
		if (typeof value.from === 'number' && typeof value.to === 'number')
			return `${clock(value.from)} to ${clock(value.to)}`;
	}
	if (value === null) return name === 'freeSpace' ? 'by the size of the disk' : 'not set';
	if (typeof value === 'boolean') return value ? 'yes' : 'no';
	if (typeof value !== 'number') return typeof value === 'string' ? value : JSON.stringify(value);
	if (KEPT_FOR_EVER.has(name) && value === 0) return name === 'versionCount' ? 'all' : 'for ever';
	if (name === 'scrubRate' && value === 0) return 'off';
	if (TIMES.has(name)) return durationInWords(value);
	if (SIZES.has(name)) return name === 'scrubRate' ? `${bytesInWords(value)} a second` : bytesInWords(value);
	if (name.endsWith('Days')) return value === 1 ? '1 day' : `${value} days`;
	if (name.endsWith('Months')) return value === 1 ? '1 month' : `${value} months`;
	return String(value);
};
