import { Tabs } from '@mantine/core';
import type { ReactNode } from 'react';
import { useNavigate } from 'react-router';
import page from '../../kit/shell/page.module.css';
import { useSearchParam } from '../../kit/shell/use-search-param.ts';
import { useTitle } from '../../kit/use-title.ts';
import { useCommands } from '../palette/commands.tsx';
import { BackupsTab } from './backups-tab.tsx';
import { ChoresTab } from './chores-tab.tsx';
import { LogTab } from './log-tab.tsx';
import { MailTab } from './mail-tab.tsx';
import { RetentionTab } from './retention-tab.tsx';
import { SecurityTab } from './security-tab.tsx';
import classes from './settings.module.css';
import { StartedWithTab } from './started-with-tab.tsx';
import { StorageTab } from './storage-tab.tsx';
import { TABS, type TabName, tabOf } from './tabs.ts';
import { words } from './words.ts';

const PANELS: Readonly<Record<TabName, ReactNode>> = {
	storage: <StorageTab />,
	retention: <RetentionTab />,
	backups: <BackupsTab />,
	mail: <MailTab />,
	security: <SecurityTab />,
	log: <LogTab />,
	chores: <ChoresTab />,
	'started-with': <StartedWithTab />,
};

/** How the coordinator itself is set up, what it keeps, and what it does by itself. */
export const SettingsPage = () => {
	const [text] = useSearchParam('tab');
	const navigate = useNavigate();
	const tab = tabOf(text);
	const word = TABS.find(({ name }) => name === tab)?.word;
	useTitle(`${words.title}: ${word}`);
	// What else is in the address belongs to the tab that is left.
	const go = (name: string): void => void navigate(`/settings?tab=${name}`);
	useCommands(
		TABS.map((each) => ({
			...{ id: `settings ${each.name}`, group: words.title, word: each.word, icon: 'gear' as const },
			run: () => go(each.name),
		})),
	);
	return (
		<>
			<div className={page.titleBar}>
				<h1 className={page.pageTitle}>{words.title}</h1>
			</div>
			<Tabs value={tab} onChange={(name) => go(name ?? 'storage')} keepMounted={false}>
				<Tabs.List className={classes.tabs!} aria-label={words.title}>
					{TABS.map((each) => (
						<Tabs.Tab key={each.name} value={each.name}>
							{each.word}
						</Tabs.Tab>
					))}
				</Tabs.List>
				{TABS.map(({ name }) => (
					<Tabs.Panel key={name} value={name} className={classes.panel!}>
						{PANELS[name]}
					</Tabs.Panel>
				))}
			</Tabs>
		</>
	);
};
