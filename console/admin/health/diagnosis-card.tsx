import { Button } from '@mantine/core';
import { readDiagnosis } from '../../../shared/client/health.ts';
import { CopyButton } from '../../kit/copy-button.tsx';
import { Icon } from '../../kit/icons.tsx';
import { http } from '../../kit/remote/api.ts';
import { saveAnswer } from '../../kit/remote/save-answer.ts';
import { useAct } from '../../kit/remote/use-act.ts';
import { useMe } from '../../kit/session/session.tsx';
import page from '../../kit/shell/page.module.css';
import { useCommands } from '../palette/commands.tsx';
import { keys } from '../remote/keys.ts';
import classes from './health.module.css';
import { words } from './words.ts';

/** What whoever helps has to know, as a file. */
export const DiagnosisCard = () => {
	const isAdministrator = useMe().role === 'administrator';
	const take = useAct({
		act: async () => saveAnswer(await readDiagnosis(http), 'millrace-diagnosis.zip'),
		key: keys.audits,
		done: words.taken,
		failed: words.notTaken,
	});
	const run = () => take.mutate();
	useCommands(
		isAdministrator ? [{ id: 'diagnosis', group: words.title, word: words.take, icon: 'download', run }] : [],
	);
	return (
		<section className={page.card} aria-label={words.diagnosis}>
			<h2>{words.diagnosis}</h2>
			<p className={page.quiet}>{words.diagnosisText}</p>
			{isAdministrator ? (
				<div className={classes.take}>
					<Button
						variant="default"
						leftSection={<Icon name="download" size={16} />}
						loading={take.isPending}
						onClick={run}
					>
						{words.take}
					</Button>
					<CopyButton text="millrace admin diagnose" what={words.asCommand} />
				</div>
			) : (
				<p className={page.quiet}>{words.onlyAdministrators}</p>
			)}
		</section>
	);
};
