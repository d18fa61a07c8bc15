import { InvalidArgumentError, Option } from 'commander';
import { parseByteSize } from '../../../../shared/byte-size.ts';
import { parseDuration } from '../../../../shared/duration.ts';
import type { Json } from '../../../../shared/protocol/json.ts';
import { timeOption } from '../../time-option.ts';

/** One setting of a class as an option of the command line. */
interface SettingOption {
	flags: string;
	/** Where it stands in the settings. */
	path: readonly string[];
	words: string;
	read: (text: string) => Json;
}

const NONE = 'none';
/** `none` takes a limit away. */
const orNone =
	(read: (text: string) => Json) =>
	(text: string): Json =>
		text === NONE ? null : read(text);

const number = (text: string): number => {
	const value = /^\d{1,15}(\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN;
	if (Number.isNaN(value)) throw new InvalidArgumentError('It must be a number, not below 0.');
	return value;
};
const aboveZero = (text: string): number => {
	if (!/[1-9]/.test(text) || text.startsWith('-')) throw new InvalidArgumentError('It must be a number above 0.');
	return number(text);
};
const size = (text: string): number => {
	const value = parseByteSize(text);
	if (value === null) throw new InvalidArgumentError('It must be a number of bytes, such as 500MB or 2GiB.');
	return value;
};
const duration = (text: string): number => {
	const value = parseDuration(text);
	if (value === null) throw new InvalidArgumentError('It must be a time, such as 90s, 30m or 2h.');
	return value;
};
const list = (text: string): string[] => text.split(',').map((item) => item.trim());
const rate = (text: string): Json => {
	const [perMinute = '', burst] = text.split(':');
	return { perMinute: number(perMinute), ...(burst === undefined ? {} : { burst: number(burst) }) };
};

const limit = (flags: string, path: string, words: string, read: (text: string) => Json = number): SettingOption => ({
	flags,
	path: path.split('.'),
	words: `${words}; none: no limit`,
	read: orNone(read),
});

const SETTINGS: readonly SettingOption[] = [
	{ flags: '--description <TEXT>', path: ['description'], words: 'what the class is for', read: (text) => text },
	{ flags: '--band <0-9>', path: ['band'], words: '9 goes first, 0 last', read: number },
	{ flags: '--weight <W>', path: ['weight'], words: 'share among the classes of its band, above 0', read: aboveZero },
	limit('--queues <NAMES>', 'allowedQueues', 'queues that its tasks may reach, joined by commas', list),
	limit('--keys <PATTERNS>', 'allowedRoutingKeys', 'routing keys such as normal.#, joined by commas', list),
	limit('--running <N>', 'caps.running', 'running tasks of the class'),
	limit('--running-per-user <N>', 'caps.runningPerUser', 'running tasks of each person'),
	limit('--queued <N>', 'caps.queued', 'open tasks of each person that do not run'),
	limit('--cores <N>', 'caps.cores', 'cores that its running tasks ask for'),
	limit('--memory <SIZE>', 'caps.memoryBytes', 'memory that its running tasks ask for', size),
	limit('--starts <PER-MINUTE[:BURST]>', 'rates.starts', 'starts of the class', rate),
	limit('--submits <PER-MINUTE[:BURST]>', 'rates.submits', 'submits of each person', rate),
	limit('--stored <SIZE>', 'quotas.storedBytes', 'bytes stored by each person', size),
	limit('--files <N>', 'quotas.files', 'files of each person'),
	limit('--transfer <SIZE>', 'quotas.transferBytesPerMonth', 'bytes up and down of each person in a month', size),
	limit('--upload <SIZE>', 'bandwidth.uploadBytesPerSecond', 'bytes a second that each person sends', size),
	limit('--download <SIZE>', 'bandwidth.downloadBytesPerSecond', 'bytes a second that each person fetches', size),
	limit('--longest-run <TIME>', 'longestRunMs', 'how long a task may run', duration),
	limit(
		'--valid-from <TIME>',
		'validFrom',
		'when it begins to count: a time, or a duration from now',
		timeOption('ahead'),
	),
	limit('--valid-until <TIME>', 'validUntil', 'when it ceases to count, in the same way', timeOption('ahead')),
];

const PER_TYPE = '--per-type <TYPE=N>';

const readPerType = (text: string, before: Record<string, Json>): Record<string, Json> => {
	const at = text.lastIndexOf('=');
	if (at < 1) throw new InvalidArgumentError('It must be TYPE=N, such as thumbnail=4, or TYPE=none.');
	return { ...before, [text.slice(0, at)]: orNone(number)(text.slice(at + 1)) };
};

/** What was given for one option. */
interface Given {
	value: Json;
}

/** The options that set single values. */
export const settingOptions = (): Option[] => [
	// Wrapped, because commander takes null for a value that is missing.
	...SETTINGS.map(({ flags, words, read }) =>
		new Option(flags, words).argParser((text): Given => ({ value: read(text) })),
	),
	new Option('--idle-only', 'only what no other class can use'),
	new Option('--no-idle-only', 'takes its turn like other classes'),
	new Option(PER_TYPE, 'running tasks of the class of one type; repeatable').argParser(readPerType).default({}, 'none'),
];

type Settings = { [key: string]: Json };

const isObject = (value: Json | undefined): value is Settings =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const set = (settings: Settings, [key = '', ...rest]: readonly string[], value: Json): Settings => {
	const inner = settings[key];
	return { ...settings, [key]: rest.length === 0 ? value : set(isObject(inner) ? inner : {}, rest, value) };
};

/** What these options change of some settings; unknown options are left alone. */
export const applySettings = (settings: Settings, options: Readonly<Record<string, unknown>>): Settings => {
	let changed = settings;
	for (const { flags, path } of SETTINGS) {
		const given = options[new Option(flags).attributeName()] as Given | undefined;
		if (given !== undefined) changed = set(changed, path, given.value);
	}
	if (typeof options.idleOnly === 'boolean') changed = set(changed, ['idleOnly'], options.idleOnly);
	const perType = options.perType as Record<string, number | null>;
	for (const [type, most] of Object.entries(perType)) {
		if (most !== null) changed = set(changed, ['caps', 'perType', type], most);
		else changed = withoutType(changed, type);
	}
	return changed;
};

const withoutType = (settings: Settings, type: string): Settings => {
	const caps = isObject(settings.caps) ? settings.caps : {};
	const { [type]: _, ...others } = isObject(caps.perType) ? caps.perType : {};
	return { ...settings, caps: { ...caps, perType: others } };
};

/** What a class is shown with beside its settings: a file that was made of `show --json` may hold it. */
const SHOWN_ONLY = ['name', 'version', 'createdAt', 'updatedAt', 'given', 'now', 'warnings'];

export const settingsOnly = (view: object): Settings =>
	Object.fromEntries(Object.entries(view).filter(([key]) => !SHOWN_ONLY.includes(key)));
