import { expect, test } from 'vitest';
import type { ChoreView } from '../../../shared/protocol/chore.ts';
import { retentionRows } from './retention-rows.ts';

const chore = (name: string): ChoreView => ({
	...{ name, what: 'forget', everyMs: 1, isRunning: false, startedAt: null, last: null, nextAt: null },
});
const setting = (name: string, value: number) => ({ name, option: `--${name}`, about: '', value });

test('what is kept for ever has nothing that forgets it', () => {
	const settings = [
		setting('trashDays', 30),
		setting('taskDays', 0),
		setting('versionDays', 0),
		setting('versionCount', 5),
	];
	const rows = retentionRows(settings, [chore('empty-trash'), chore('forget-versions')]);
	expect(rows.map(({ name, kept, chore: by }) => [name, kept, by?.name ?? null])).toEqual([
		['trashDays', '30 days', 'empty-trash'],
		['versionDays', 'for ever', null],
		['versionCount', 'the newest 5', 'forget-versions'],
		['taskDays', 'for ever', null],
	]);
});
