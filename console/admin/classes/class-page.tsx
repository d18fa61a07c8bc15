import { Button, Tabs } from '@mantine/core';
import { useEffect } from 'react';
import { Link, useParams } from 'react-router';
import { CodedError } from '../../../shared/coded-error.ts';
import { type ServiceClassView, serviceClassNameSchema } from '../../../shared/protocol/service-class.ts';
import { Icon } from '../../kit/icons.tsx';
import { useMe } from '../../kit/session/session.tsx';
import page from '../../kit/shell/page.module.css';
import { ReadOne } from '../../kit/shell/read-one.tsx';
import { useSearchParam } from '../../kit/shell/use-search-param.ts';
import { useTitle } from '../../kit/use-title.ts';
import { useCommands } from '../palette/commands.tsx';
import { AboutCard } from './about-card.tsx';
import { ClassForm } from './class-form.tsx';
import classes from './classes.module.css';
import { DeleteClass } from './delete-class.tsx';
import { HistoryCard } from './history-card.tsx';
import { MergeDialog } from './merge-dialog.tsx';
import { PreviewCard } from './preview-card.tsx';
import { SaveCard } from './save-card.tsx';
import { settingsIn } from './setting-values.ts';
import { useClassEditor } from './use-class-editor.ts';
import { useClass, useClasses, useClassVersions } from './use-classes.ts';
import { useSaveClass } from './use-save-class.ts';
import { useWhatIf } from './use-what-if.ts';
import { WhatIfPanel } from './what-if-panel.tsx';
import { words } from './words.ts';

const ALL = { to: '/classes', word: words.all };

/** One class: its settings, what they would have made of the last day, and what they were. */
export const ClassPage = () => {
	const { name = '' } = useParams();
	const query = useClass(name);
	const versions = useClassVersions(name);
	useTitle(name);
	const isGone = query.error instanceof CodedError && query.error.code === 'not-found';
	if (isGone && versions.rows.length > 0) return <GoneClass name={name} versions={versions} />;
	return (
		<ReadOne query={query} isId={serviceClassNameSchema.safeParse(name).success} what={words.serviceClass} all={ALL}>
			{(view) => <ClassDetails key={view.name} view={view} versions={versions} />}
		</ReadOne>
	);
};

type Versions = ReturnType<typeof useClassVersions>;

const GoneClass = ({ name, versions }: { name: string; versions: Versions }) => (
	<>
		<Link className={page.back!} to={ALL.to}>
			{ALL.word}
		</Link>
		<div className={page.head}>
			<h1 className={page.title}>{words.gone(name)}</h1>
		</div>
		<p className={page.lead}>{words.goneText}</p>
		<HistoryCard name={name} current={null} query={versions} />
	</>
);

const ClassDetails = ({ view, versions }: { view: ServiceClassView; versions: Versions }) => {
	const { name, version } = view;
	const [tab, setTab] = useSearchParam('tab', { push: true });
	const editor = useClassEditor({ settings: settingsIn(view), version });
	const { rebase, isDirty, base } = editor;
	const whatIf = useWhatIf(name);
	const all = useClasses().data?.items ?? [view];
	const mayChange = useMe().role === 'administrator';
	const saving = useSaveClass({
		onSaved: (saved) => rebase({ settings: settingsIn(saved), version: saved.version }),
		onRefused: editor.refuse,
	});
	const isOutdated = version > base.version;
	// What nobody has touched yet follows what is there.
	useEffect(() => {
		if (isOutdated && !isDirty) rebase({ settings: settingsIn(view), version: view.version });
	}, [isOutdated, isDirty, rebase, view]);
	const tryIt = () => {
		setTab('what-if');
		if (editor.settings) whatIf.ask(editor.settings);
	};
	const save = (reason: string) => {
		if (editor.settings) saving.save({ name, settings: editor.settings, ifVersion: base.version, reason });
	};
	useCommands([
		{ id: 'what if', group: name, word: words.tryIt, icon: 'chart', run: tryIt },
		{ id: 'class history', group: name, word: words.history, icon: 'clock', run: () => setTab('history') },
		...(mayChange && isDirty
			? [{ id: 'save class', group: name, word: words.save, icon: 'check' as const, run: () => save('') }]
			: []),
	]);
	const { theirs } = saving;
	return (
		<>
			<Link className={page.back!} to={ALL.to}>
				{ALL.word}
			</Link>
			<div className={page.head}>
				<h1 className={page.title}>{name}</h1>
				{mayChange && (
					<div className={page.acts}>
						<DeleteClass view={view} />
					</div>
				)}
			</div>
			{view.warnings.map((warning) => (
				<p key={warning} className={classes.note}>
					<Icon name="alert" size={16} /> {warning}
				</p>
			))}
			{isOutdated && isDirty && (
				<p className={page.warning} role="alert">
					<Icon name="alert" />
					<span>{words.outdated(version)}</span>
					<Button
						size="compact-sm"
						variant="default"
						disabled={editor.settings === null}
						onClick={() => saving.compareWith(view)}
					>
						{words.compare}
					</Button>
				</p>
			)}
			<Tabs
				value={tab === '' ? 'settings' : tab}
				onChange={(next) => setTab(next === 'settings' ? '' : (next ?? ''))}
				keepMounted={false}
			>
				<Tabs.List className={classes.tabs!}>
					<Tabs.Tab value="settings">{words.settings}</Tabs.Tab>
					<Tabs.Tab value="what-if">{words.whatIf}</Tabs.Tab>
					<Tabs.Tab value="history">{words.history}</Tabs.Tab>
				</Tabs.List>
				<div className={page.columns}>
					<div className={page.main}>
						<Tabs.Panel value="settings" className={page.main!}>
							<ClassForm editor={editor} />
						</Tabs.Panel>
						<Tabs.Panel value="what-if">
							<WhatIfPanel whatIf={whatIf} name={name} settings={editor.settings} />
						</Tabs.Panel>
						<Tabs.Panel value="history">
							<HistoryCard name={name} current={version} query={versions} />
						</Tabs.Panel>
					</div>
					<aside className={`${page.side} ${classes.sticky}`} aria-label={words.about}>
						<SaveCard
							editor={editor}
							isBusy={saving.isBusy}
							onSave={save}
							onGo={() => setTab('')}
							onTry={tab === 'what-if' ? undefined : tryIt}
						/>
						{editor.settings && <PreviewCard name={name} settings={editor.settings} all={all} />}
						<AboutCard view={view} />
					</aside>
				</div>
			</Tabs>
			<MergeDialog
				name={name}
				three={
					theirs && editor.settings
						? { base: base.settings, mine: editor.settings, theirs: settingsIn(theirs), version: theirs.version }
						: null
				}
				onMerge={(settings) => {
					if (theirs) rebase({ settings: settingsIn(theirs), version: theirs.version }, settings);
					saving.compareWith(null);
				}}
				onClose={() => saving.compareWith(null)}
			/>
		</>
	);
};
