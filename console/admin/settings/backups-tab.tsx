import { Button, Progress } from '@mantine/core';
import { useState } from 'react';
import { beginBackup, checkBackup } from '../../../shared/client/upkeep.ts';
import type { BackupsView } from '../../../shared/protocol/backup.ts';
import { CopyButton } from '../../kit/copy-button.tsx';
import { formatDuration } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import { http } from '../../kit/remote/api.ts';
import { useAct } from '../../kit/remote/use-act.ts';
import page from '../../kit/shell/page.module.css';
import { EmptyState } from '../../kit/states.tsx';
import { DataTable } from '../../kit/table/data-table.tsx';
import { useCommands } from '../palette/commands.tsx';
import { keys } from '../remote/keys.ts';
import { backupColumns, RUN_COLUMNS } from './backup-columns.tsx';
import { BackupTrouble } from './backup-trouble.tsx';
import { CommandLine } from './command-line.tsx';
import { Read } from './read.tsx';
import { RestoreDialog } from './restore-dialog.tsx';
import classes from './settings.module.css';
import { useBackups } from './use-settings.ts';
import { backupWords, words } from './words.ts';

/** What there is to go back to: made, checked, and how it is restored. */
export const BackupsTab = () => (
	<Read query={useBackups()} what={backupWords.what}>
		{(view) => (view.folder === null ? <NotSet view={view} /> : <Backups view={view} folder={view.folder} />)}
	</Read>
);

const NotSet = ({ view }: { view: BackupsView }) => (
	<div className={classes.sections}>
		<EmptyState icon="drive" title={backupWords.none}>
			{backupWords.noneText}
			<CommandLine text="coordinator backup --to /mnt/backup/millrace" />
		</EmptyState>
		<Runs view={view} />
	</div>
);

const Backups = ({ view, folder }: { view: BackupsView; folder: string }) => {
	const [restored, setRestored] = useState<string | null>(null);
	const begin = useAct({
		act: () => beginBackup(http),
		key: keys.backups,
		done: backupWords.begun,
		failed: backupWords.notBegun,
	});
	const check = useAct({
		act: (name: string) => checkBackup(http, name),
		key: keys.backups,
		done: backupWords.checkBegun,
		failed: backupWords.checkNotBegun,
	});
	const run = () => begin.mutate();
	useCommands([{ id: 'back up', group: backupWords.list, word: backupWords.now, icon: 'drive', run }]);
	const [last] = view.runs;
	return (
		<div className={classes.sections}>
			<section aria-label={backupWords.list}>
				<div className={classes.head}>
					<p className={classes.sum}>{backupWords.every(formatDuration(view.everyMs), folder, view.keep)}</p>
					<span className={classes.option}>
						<CopyButton text="millrace admin backups make" what={words.asCommand} />
						<Button
							leftSection={<Icon name="drive" size={16} />}
							disabled={view.now !== null}
							loading={begin.isPending}
							onClick={run}
						>
							{backupWords.now}
						</Button>
					</span>
				</div>
				{view.now !== null && <Underway now={view.now} />}
				{view.trouble !== null && <p className={page.fault}>{view.trouble}</p>}
				{last?.error && (
					<p className={page.fault}>
						{backupWords.lastFailed}: {last.error}
					</p>
				)}
				<BackupTrouble checks={view.checks} folder={folder} />
				{view.items.length === 0 ? (
					<EmptyState icon="drive" title={backupWords.empty}>
						{backupWords.emptyText}
					</EmptyState>
				) : (
					<DataTable
						label={backupWords.list}
						rows={view.items}
						columns={backupColumns({ checks: view.checks, check, onRestore: setRestored })}
						keyOf={({ name }) => name}
						csvName="backups"
					/>
				)}
			</section>
			<Runs view={view} />
			<RestoreDialog folder={folder} name={restored} onClose={() => setRestored(null)} />
		</div>
	);
};

const Underway = ({ now }: { now: NonNullable<BackupsView['now']> }) => (
	<div className={classes.progress} role="status">
		<Progress value={now.of === 0 ? 0 : (100 * now.done) / now.of} animated aria-label={backupWords.underway} />
		{backupWords.underway}. {now.of === 0 ? backupWords.ledgerFirst : backupWords.progress(now.done, now.of)}
	</div>
);

const Runs = ({ view: { runs } }: { view: BackupsView }) => (
	<section aria-label={backupWords.runs}>
		<h2>{backupWords.runs}</h2>
		{runs.length === 0 ? (
			<p className={page.quiet}>{backupWords.noRuns}</p>
		) : (
			<DataTable
				label={backupWords.runs}
				rows={runs}
				columns={RUN_COLUMNS}
				keyOf={({ startedAt, folder }) => `${startedAt} ${folder}`}
				sortName="runs"
				csvName="backup-runs"
			/>
		)}
	</section>
);
