import type { SettingsView } from '../../../shared/protocol/about.ts';
import type { ChoreView } from '../../../shared/protocol/chore.ts';
import { settingInWords } from '../../../shared/setting-words.ts';
import { retentionWords } from './words.ts';

/** Something that is kept for some time. */
export interface RetentionRow {
	name: string;
	what: string;
	kept: string;
	option: string | null;
	/** What forgets it; null: it is kept for ever, or is held small as it is written. */
	chore: ChoreView | null;
}

const KEPT: readonly [setting: string, what: string, chore?: string][] = [
	['trashDays', retentionWords.trash, 'empty-trash'],
	['versionDays', retentionWords.versions, 'forget-versions'],
	['versionCount', retentionWords.versionCount, 'forget-versions'],
	['taskDays', retentionWords.tasks, 'forget-tasks'],
	['logDays', retentionWords.logs, 'forget-logs'],
	['usageMonths', retentionWords.usage, 'forget-usage'],
	['journalDays', retentionWords.journal, 'forget-journal'],
	['journalBytes', retentionWords.journalBytes, 'forget-journal'],
	['historyBytes', retentionWords.history],
	['backupKeep', retentionWords.backups, 'back-up'],
];

/** What is kept how long: of what was set at the start, and the chores that see to it. */
export const retentionRows = (settings: SettingsView['items'], chores: readonly ChoreView[]): RetentionRow[] =>
	KEPT.flatMap(([name, what, choreName]) => {
		const setting = settings.find((one) => one.name === name);
		// A coordinator of another version may not have it.
		if (setting === undefined) return [];
		const told = settingInWords(name, setting.value);
		const isNewest = name === 'backupKeep' || (name === 'versionCount' && setting.value !== 0);
		const isForEver = setting.value === 0;
		return [
			{
				...{ name, what, option: setting.option },
				kept: isNewest ? retentionWords.newest(told) : told,
				chore: isForEver ? null : (chores.find((chore) => chore.name === choreName) ?? null),
			},
		];
	});
