import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { readHealth } from '../../../shared/client/health.ts';
import { CopyButton } from '../../kit/copy-button.tsx';
import { Icon } from '../../kit/icons.tsx';
import { http } from '../../kit/remote/api.ts';
import page from '../../kit/shell/page.module.css';
import { ErrorState, LoadingState } from '../../kit/states.tsx';
import { useTitle } from '../../kit/use-title.ts';
import { useCommands } from '../palette/commands.tsx';
import { keys } from '../remote/keys.ts';
import { AboutCard } from './about-card.tsx';
import { CheckList } from './check-list.tsx';
import { DiagnosisCard } from './diagnosis-card.tsx';
import { words } from './words.ts';

const REREAD_MS = 15_000;

/** How the coordinator is, check by check, and which one it is. */
export const HealthPage = () => {
	useTitle(words.title);
	const health = useQuery({
		queryKey: keys.health,
		queryFn: ({ signal }) => readHealth(http, { signal }),
		refetchInterval: REREAD_MS,
	});
	const again = () => void health.refetch();
	useCommands([{ id: 'health again', group: words.title, word: words.again, icon: 'refresh', run: again }]);
	return (
		<>
			<div className={page.titleBar}>
				<h1 className={page.pageTitle}>{words.title}</h1>
				<div className={page.acts}>
					<CopyButton text="millrace doctor --all" what={words.asCommand} />
					<Button variant="default" leftSection={<Icon name="refresh" size={16} />} onClick={again}>
						{words.again}
					</Button>
				</div>
			</div>
			<p className={page.lead}>{words.lead}</p>
			<div className={page.columns}>
				<div className={page.main}>
					{health.data !== undefined ? (
						<CheckList health={health.data} />
					) : health.error ? (
						<ErrorState error={health.error} what={words.cannot} onRetry={again} />
					) : (
						<LoadingState what={words.checksWhat} rows={13} />
					)}
				</div>
				<div className={page.side}>
					<AboutCard />
					<DiagnosisCard />
				</div>
			</div>
		</>
	);
};
