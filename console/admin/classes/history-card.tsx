import { Button } from '@mantine/core';
import { rollBackServiceClass } from '../../../shared/client/service-classes.ts';
import type { ServiceClassVersion, ServiceClassView } from '../../../shared/protocol/service-class.ts';
import { Icon } from '../../kit/icons.tsx';
import { notifyUndo } from '../../kit/notify.tsx';
import { http } from '../../kit/remote/api.ts';
import { useAct } from '../../kit/remote/use-act.ts';
import { useMe } from '../../kit/session/session.tsx';
import page from '../../kit/shell/page.module.css';
import { ReadList } from '../../kit/shell/read-list.tsx';
import { RelativeTime } from '../../kit/time.tsx';
import { keys } from '../remote/keys.ts';
import { ChangeList } from './change-list.tsx';
import classes from './classes.module.css';
import { changesBetween } from './setting-values.ts';
import type { useClassVersions } from './use-classes.ts';
import { words } from './words.ts';

interface HistoryProps {
	name: string;
	/** The version that counts; null: the class is deleted. */
	current: number | null;
	query: ReturnType<typeof useClassVersions>;
}

/** Every version of a class, what each changed, by whom and why; and the way back to any. */
export const HistoryCard = ({ name, current, query }: HistoryProps) => {
	const mayChange = useMe().role === 'administrator';
	const back = (version: number, ifVersion: number | null) =>
		rollBackServiceClass(http, name, version, ifVersion === null ? {} : { ifVersion });
	const undo = useAct({
		act: (view: ServiceClassView) => back(view.version - 1, view.version),
		key: keys.classes,
		failed: words.notUndone,
	});
	const rollBack = useAct({
		act: async (version: number) => ({ version, view: await back(version, current) }),
		key: keys.classes,
		failed: words.notRolledBack,
		onDone({ version, view }) {
			// What brought a deleted class back is taken back by deleting it: that is asked for in its own place.
			if (current !== null) notifyUndo(words.rolledBack(name, version), () => undo.mutate(view), 'restore');
		},
	});
	const { rows } = query;
	const items = rows.map((one, at) => ({ ...one, id: String(one.version), older: rows[at + 1] }));
	return (
		<ReadList
			query={{ ...query, rows: items }}
			what={words.theHistory}
			none={<p className={page.quiet}>{words.noHistory}</p>}
			row={(item) => (
				<>
					<div className={page.words}>
						<strong>
							{words.version} {item.version}
							{item.version === current && ` (${words.now})`}
						</strong>
						<span className={page.quiet}>
							<RelativeTime at={item.at} /> {words.by(item.by ?? item.actor)}
							{item.reason !== '' && `: ${item.reason}`}
						</span>
						<Changed item={item} older={item.older} hasOlder={query.hasNextPage} />
					</div>
					{mayChange && item.settings !== null && item.version !== current && (
						<Button
							variant="default"
							size="compact-md"
							leftSection={<Icon name="restore" size={15} />}
							aria-label={words.backToVersion(item.version)}
							disabled={rollBack.isPending}
							onClick={() => rollBack.mutate(item.version)}
						>
							{words.backTo}
						</Button>
					)}
				</>
			)}
		/>
	);
};

interface ChangedProps {
	item: ServiceClassVersion;
	older: ServiceClassVersion | undefined;
	hasOlder: boolean;
}

/** What a version changed; of the oldest that is shown nothing is known while older ones are on the server. */
const Changed = ({ item, older, hasOlder }: ChangedProps) => {
	if (item.settings === null) return <span className={classes.quiet}>{words.deletedVersion}</span>;
	if (older === undefined && hasOlder) return null;
	if (!older?.settings) return <span className={classes.quiet}>{words.madeVersion}</span>;
	const changes = changesBetween(older.settings, item.settings);
	if (changes.length === 0) return <span className={classes.quiet}>{words.sameVersion}</span>;
	return <ChangeList changes={changes} label={`${words.version} ${item.version}`} />;
};
