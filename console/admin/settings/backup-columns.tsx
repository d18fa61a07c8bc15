import { Button } from '@mantine/core';
import type { BackupCheck, BackupsView } from '../../../shared/protocol/backup.ts';
import { formatBytes, formatCount, formatDuration, formatPercent } from '../../kit/format.ts';
import type { useAct } from '../../kit/remote/use-act.ts';
import { LookChip } from '../../kit/state-chip.tsx';
import type { TableColumn } from '../../kit/table/table-column.ts';
import type { StateLook } from '../../kit/task-words.ts';
import { RelativeTime } from '../../kit/time.tsx';
import { type CheckStanding, standingOf } from './check-standing.ts';
import classes from './settings.module.css';
import { backupWords, words } from './words.ts';

type Backup = BackupsView['items'][number];
type Run = BackupsView['runs'][number];

const CHECK_LOOKS: Record<CheckStanding, StateLook> = {
	none: { word: backupWords.notChecked, color: 'gray', icon: 'help' },
	checking: { word: backupWords.checking, color: 'indigo', icon: 'play' },
	whole: { word: backupWords.whole, color: 'teal', icon: 'circleCheck' },
	damaged: { word: backupWords.damaged, color: 'red', icon: 'circleX' },
	failed: { word: backupWords.notReadable, color: 'orange', icon: 'alert' },
};

const RUN_LOOKS: Record<'done' | 'failed', StateLook> = {
	done: { word: backupWords.done, color: 'teal', icon: 'check' },
	failed: { word: backupWords.failed, color: 'red', icon: 'circleX' },
};

const CheckChip = ({ check }: { check: BackupCheck | undefined }) => {
	const standing = standingOf(check);
	const share = check !== undefined && check.of > 0 ? formatPercent(check.done / check.of) : undefined;
	return (
		<LookChip
			look={CHECK_LOOKS[standing]}
			{...(standing === 'checking' && share !== undefined ? { suffix: share } : {})}
		/>
	);
};

export const backupColumns = (from: {
	checks: readonly BackupCheck[];
	check: ReturnType<typeof useAct<string, BackupCheck>>;
	onRestore(name: string): void;
}): TableColumn<Backup>[] => {
	const { checks, check, onRestore } = from;
	const checkOf = ({ name }: Backup) => checks.find(({ backup }) => backup === name);
	const isChecking = checks.some(({ finishedAt }) => finishedAt === null);
	return [
		{
			...{ name: 'name', head: backupWords.name },
			cell: ({ name }) => <span className="millrace-mono">{name}</span>,
			value: ({ name }) => name,
		},
		{
			...{ name: 'taken', head: backupWords.taken, width: '110px' },
			cell: ({ takenAt }) => <RelativeTime at={takenAt} />,
			value: ({ takenAt }) => takenAt,
		},
		{
			...{ name: 'contents', head: backupWords.contents, isNumber: true, width: '104px' },
			cell: ({ contents }) => formatCount(contents),
			value: ({ contents }) => contents,
		},
		{
			...{ name: 'size', head: backupWords.size, isNumber: true, width: '96px' },
			cell: ({ bytes }) => formatBytes(bytes),
			value: ({ bytes }) => bytes,
		},
		{
			...{ name: 'lost', head: backupWords.lost, isNumber: true, width: '108px' },
			cell: ({ missing }) => formatCount(missing),
			value: ({ missing }) => missing,
		},
		{
			...{ name: 'checked', head: backupWords.checkState, width: '172px' },
			cell: (backup) => <CheckChip check={checkOf(backup)} />,
			value: (backup) => standingOf(checkOf(backup)),
		},
		{
			...{ name: 'acts', head: '', width: '170px' },
			cell: ({ name }) => (
				<span className={classes.option}>
					<Button
						size="compact-sm"
						variant="default"
						aria-label={backupWords.checkOf(name)}
						disabled={isChecking}
						loading={check.isPending && check.variables === name}
						onClick={() => check.mutate(name)}
					>
						{backupWords.check}
					</Button>
					<Button
						size="compact-sm"
						variant="default"
						aria-label={backupWords.restoreOf(name)}
						onClick={() => onRestore(name)}
					>
						{backupWords.restore}
					</Button>
				</span>
			),
		},
	];
};

export const RUN_COLUMNS: TableColumn<Run>[] = [
	{
		...{ name: 'when', head: backupWords.when, width: '130px' },
		cell: ({ startedAt }) => <RelativeTime at={startedAt} />,
		value: ({ startedAt }) => startedAt,
	},
	{
		...{ name: 'outcome', head: backupWords.outcome, width: '110px' },
		cell: ({ error }) => <LookChip look={RUN_LOOKS[error === null ? 'done' : 'failed']} quiet={error === null} />,
		value: ({ error }) => (error === null ? 'done' : 'failed'),
	},
	{
		...{ name: 'took', head: words.tookWord, isNumber: true, width: '100px' },
		cell: ({ startedAt, finishedAt }) => formatDuration(Date.parse(finishedAt) - Date.parse(startedAt)),
		value: ({ startedAt, finishedAt }) => Date.parse(finishedAt) - Date.parse(startedAt),
	},
	{
		...{ name: 'copied', head: backupWords.copied, isNumber: true, width: '120px' },
		cell: ({ copiedBytes }) => formatBytes(copiedBytes),
		value: ({ copiedBytes }) => copiedBytes,
	},
	{ name: 'to', head: backupWords.to, cell: ({ folder }) => folder, value: ({ folder }) => folder },
	{ name: 'error', head: backupWords.error, cell: ({ error }) => error, value: ({ error }) => error },
];
