import { Link } from 'react-router';
import type { ServiceClassView } from '../../../shared/protocol/service-class.ts';
import { formatCount, formatPercent } from '../../kit/format.ts';
import { LookChip } from '../../kit/state-chip.tsx';
import type { TableColumn } from '../../kit/table/table-column.ts';
import { CLASS_FIELDS } from './class-fields.ts';
import { tasksOf } from './class-links.ts';
import classes from './classes.module.css';
import { isSameValue, settingWords, valueAt } from './setting-values.ts';
import { words } from './words.ts';

/** Where settings are told in columns of their own, or are no limits. */
const ELSEWHERE: ReadonlySet<string> = new Set(['description', 'band', 'weight', 'idleOnly']);

/** What limits the people of a class, in words. */
const limitsOf = (view: ServiceClassView): string[] =>
	CLASS_FIELDS.flatMap((field) => {
		const value = valueAt(view, field.path);
		const isNone = value === null || isSameValue(value, {});
		if (ELSEWHERE.has(field.path) || isNone) return [];
		return [`${field.label}: ${settingWords(field, value)}`];
	});

const Share = ({ share }: { share: number }) => (
	<span className={classes.share}>
		<span className={classes.shareBar} aria-hidden="true">
			<span style={{ width: `${Math.min(100, share * 100)}%` }} />
		</span>
		{formatPercent(share)}
	</span>
);

/** `shares`: by class, its part of the time in slots; undefined: not known. */
export const classColumns = (shares: ReadonlyMap<string, number> | undefined): TableColumn<ServiceClassView>[] => [
	{
		name: 'name',
		head: words.class,
		width: '22%',
		cell: ({ name, description, warnings }) => (
			<span className={classes.nameCell}>
				<span>
					<Link to={`/classes/${name}`}>{name}</Link>{' '}
					{warnings.length > 0 && (
						<LookChip
							look={{
								word: words.notes(warnings.length),
								color: 'orange',
								icon: 'alert',
							}}
						/>
					)}
				</span>
				{description !== '' && <span className={classes.quiet}>{description}</span>}
			</span>
		),
		value: ({ name }) => name,
	},
	{
		name: 'band',
		head: words.band,
		isNumber: true,
		cell: ({ band, idleOnly }) => <span className={classes.word}>{idleOnly ? words.idleOnly : band}</span>,
		value: ({ band, idleOnly }) => (idleOnly ? -1 : band),
	},
	{ name: 'weight', head: words.weight, isNumber: true, cell: ({ weight }) => weight, value: ({ weight }) => weight },
	{
		name: 'limits',
		head: words.limits,
		width: '26%',
		cell: (view) => {
			const limits = limitsOf(view);
			return limits.length === 0 ? (
				<span className={classes.quiet}>{words.noLimits}</span>
			) : (
				<span className={classes.limits}>{limits.join(' · ')}</span>
			);
		},
		value: (view) => limitsOf(view).join('; '),
	},
	{
		name: 'people',
		head: words.headPeople,
		isNumber: true,
		cell: ({ name, given }) => <Link to={`/users?class=${name}`}>{formatCount(given.users)}</Link>,
		value: ({ given }) => given.users,
	},
	{
		name: 'groups',
		head: words.headGroups,
		isNumber: true,
		cell: ({ name, given }) => <Link to={`/groups?class=${name}`}>{formatCount(given.groups)}</Link>,
		value: ({ given }) => given.groups,
	},
	{
		name: 'queued',
		head: words.inLine,
		isNumber: true,
		cell: ({ name, now }) => <Link to={tasksOf(name, 'queued')}>{formatCount(now.queued)}</Link>,
		value: ({ now }) => now.queued,
	},
	{
		name: 'running',
		head: words.running,
		isNumber: true,
		cell: ({ name, now }) => <Link to={tasksOf(name, 'running')}>{formatCount(now.running)}</Link>,
		value: ({ now }) => now.running,
	},
	{
		name: 'share',
		head: words.usedLately,
		isNumber: true,
		width: '130px',
		cell: ({ name }) => (shares === undefined ? '–' : <Share share={shares.get(name) ?? 0} />),
		value: ({ name }) => (shares === undefined ? null : (shares.get(name) ?? 0)),
	},
];
