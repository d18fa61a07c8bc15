import type { PolicyValue } from '../../../shared/protocol/policy.ts';
import { formatBytes, formatCount } from '../../kit/format.ts';
import { catalogue } from '../../kit/words.ts';

const names = catalogue('limits', {
	storedBytes: 'Stored',
	files: 'Files',
	transfer: 'Moved a month',
	running: 'Running',
	queued: 'In line',
});

const LIMITS: readonly [path: string, name: string, format: (value: number) => string][] = [
	['quotas.storedBytes', names.storedBytes, formatBytes],
	['quotas.files', names.files, formatCount],
	['quotas.transferBytesPerMonth', names.transfer, formatBytes],
	['caps.runningPerUser', names.running, formatCount],
	['caps.queued', names.queued, formatCount],
];

/** What of a policy limits one person, in words; `value` null: no limit. */
export const limitWords = (
	values: readonly PolicyValue[],
): readonly { path: string; name: string; value: string | null }[] =>
	LIMITS.map(([path, name, format]) => {
		const found = values.find((one) => one.path === path)?.value;
		return { path, name, value: typeof found === 'number' ? format(found) : null };
	});
