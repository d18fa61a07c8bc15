import { USAGE_KINDS, type UsageCutItem, type UsageKind } from '../../../shared/protocol/usage.ts';
import { monthInWords } from '../../kit/month.ts';
import type { View } from './usage-query.ts';
import { KIND_WORDS, words } from './words.ts';

const isKind = (key: string): key is UsageKind => (USAGE_KINDS as readonly string[]).includes(key);

/** What a row of a cut is called. */
export const rowTitle = (view: View, { key, name }: Pick<UsageCutItem, 'key' | 'name'>): string => {
	if (key === null) return words.nothing;
	switch (view) {
		case 'month':
			return monthInWords(key);
		case 'day':
			return key.slice(0, 10);
		case 'hour':
			return `${key.slice(0, 10)} ${key.slice(11, 16)}`;
		case 'kind':
			return isKind(key) ? KIND_WORDS[key] : key;
		case 'owner':
			return name ?? words.deleted(key);
		default:
			return name ?? key;
	}
};
