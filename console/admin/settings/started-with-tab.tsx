import type { SettingsView } from '../../../shared/protocol/about.ts';
import { settingInWords } from '../../../shared/setting-words.ts';
import { CopyButton } from '../../kit/copy-button.tsx';
import { FilterBox } from '../../kit/shell/filter-box.tsx';
import { useSearchParam } from '../../kit/shell/use-search-param.ts';
import { EmptyState } from '../../kit/states.tsx';
import { DataTable } from '../../kit/table/data-table.tsx';
import type { TableColumn } from '../../kit/table/table-column.ts';
import { Read } from './read.tsx';
import classes from './settings.module.css';
import { useStartedWith } from './use-settings.ts';
import { startedWords, words } from './words.ts';

type Setting = SettingsView['items'][number];

const optionOf = ({ option, name }: Setting): string => (option === null ? name : `--${option}`);

const COLUMNS: TableColumn<Setting>[] = [
	{
		...{ name: 'option', head: startedWords.option, width: '230px' },
		cell: (setting) => <span className="millrace-mono">{optionOf(setting)}</span>,
		value: optionOf,
	},
	{
		...{ name: 'value', head: startedWords.value, width: '200px' },
		cell: ({ name, value }) => settingInWords(name, value),
		value: ({ name, value }) => settingInWords(name, value),
	},
	{ name: 'about', head: startedWords.about, cell: ({ about }) => about, value: ({ about }) => about },
];

/** All that the coordinator was started with, to be read. */
export const StartedWithTab = () => {
	const settings = useStartedWith();
	const [filter, setFilter] = useSearchParam('find');
	const wanted = filter.toLowerCase();
	const fits = (setting: Setting) => `${optionOf(setting)} ${setting.about}`.toLowerCase().includes(wanted);
	return (
		<Read query={settings} what={startedWords.what}>
			{({ items }) => {
				const rows = items.filter(fits);
				return (
					<>
						<p className={classes.lead}>
							{words.atStart} {startedWords.lead}
						</p>
						<div className={classes.find}>
							<FilterBox label={startedWords.filter} value={filter} onChange={setFilter} />
						</div>
						{rows.length === 0 ? (
							<EmptyState icon="search" title={startedWords.noneFits}>
								{startedWords.noneFitsText}
							</EmptyState>
						) : (
							<DataTable
								label={startedWords.table}
								rows={rows}
								columns={COLUMNS}
								keyOf={({ name }) => name}
								csvName="settings"
								tools={<CopyButton text="millrace admin settings" what={words.asCommand} />}
							/>
						)}
					</>
				);
			}}
		</Read>
	);
};
