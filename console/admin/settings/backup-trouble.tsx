import type { BackupCheck } from '../../../shared/protocol/backup.ts';
import { Icon } from '../../kit/icons.tsx';
import page from '../../kit/shell/page.module.css';
import { standingOf } from './check-standing.ts';
import { CommandLine } from './command-line.tsx';
import { backupWords } from './words.ts';

/** What checks have found that is not as it should be, and what mends it. */
export const BackupTrouble = ({ checks, folder }: { checks: readonly BackupCheck[]; folder: string }) => {
	const newest = checks.filter(({ backup }, at) => checks.findIndex((one) => one.backup === backup) === at);
	const bad = newest.filter((check) => ['damaged', 'failed'].includes(standingOf(check)));
	return bad.map(({ backup, violations, error }) => (
		<div key={backup} className={page.warning} role="alert">
			<Icon name="alert" />
			<div>
				<strong>{backup}</strong> {backupWords.damagedText}
				<ul>
					{(violations ?? [error ?? '']).map((violation) => (
						<li key={violation}>{violation}</li>
					))}
				</ul>
				{backupWords.mend} <CommandLine text={`coordinator backup --to ${folder} --check`} />
			</div>
		</div>
	));
};
