import { Button } from '@mantine/core';
import { Link } from 'react-router';
import type { AuditEntryView } from '../../../shared/protocol/audit.ts';
import page from '../../kit/shell/page.module.css';
import { LookChip } from '../../kit/state-chip.tsx';
import type { TableColumn } from '../../kit/table/table-column.ts';
import type { StateLook } from '../../kit/task-words.ts';
import { RelativeTime } from '../../kit/time.tsx';
import { linkOfId, linkOfObject } from './links.ts';
import { words } from './words.ts';

export const OUTCOME_LOOKS: Record<AuditEntryView['outcome'], StateLook> = {
	done: { word: words.done, color: 'teal', icon: 'check' },
	refused: { word: words.refused, color: 'orange', icon: 'ban' },
};

interface NamedProps {
	id: string;
	name: string | null;
	to: string | null;
	isGone?: boolean;
}

/** By its name where it has one, and a link where it is shown somewhere. */
export const Named = ({ id, name, to, isGone = false }: NamedProps) => {
	const word = name ?? id;
	if (isGone) {
		return (
			<span title={id}>
				{word} <span className={page.quiet}>{words.isGone}</span>
			</span>
		);
	}
	return to === null || word === '' ? (
		<span title={id}>{word}</span>
	) : (
		<Link className={page.link!} to={to}>
			{word}
		</Link>
	);
};

/** To what it was done. */
export const ObjectOf = ({ entry }: { entry: AuditEntryView }) => {
	const { object, objectName, objectIsGone } = entry;
	return <Named id={object} name={objectName} to={linkOfObject(entry)} isGone={objectIsGone} />;
};

/** `onOpen` shows an entry's details. */
export const auditColumns = (onOpen: (seq: number) => void): TableColumn<AuditEntryView>[] => [
	{
		...{ name: 'when', head: words.when, width: '104px' },
		cell: ({ at }) => <RelativeTime at={at} />,
		value: ({ at }) => at,
	},
	{
		...{ name: 'who', head: words.who, width: '110px' },
		cell: ({ actor, actorName }) => <Named id={actor} name={actorName} to={linkOfId(actor)} />,
		value: ({ actor, actorName }) => actorName ?? actor,
	},
	{
		...{ name: 'what', head: words.what, width: '170px' },
		cell: ({ action }) => <span className="millrace-mono">{action}</span>,
		value: ({ action }) => action,
	},
	{
		...{ name: 'object', head: words.object },
		cell: (entry) => <ObjectOf entry={entry} />,
		value: ({ object, objectName }) => objectName ?? object,
	},
	{
		...{ name: 'outcome', head: words.outcome, width: '104px' },
		cell: ({ outcome }) => <LookChip look={OUTCOME_LOOKS[outcome]} quiet={outcome === 'done'} />,
		value: ({ outcome }) => outcome,
	},
	{
		...{ name: 'from', head: words.from_, width: '116px' },
		cell: ({ address }) => address,
		value: ({ address }) => address,
	},
	{
		...{ name: 'details', head: words.details, width: '96px' },
		cell: ({ seq }) => (
			<Button size="compact-sm" variant="default" aria-label={words.detailsOf(seq)} onClick={() => onOpen(seq)}>
				{words.details}
			</Button>
		),
	},
];
