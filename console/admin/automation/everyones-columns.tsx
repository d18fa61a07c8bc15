import { Button } from '@mantine/core';
import { Link } from 'react-router';
import type { EveryonesKind, EveryonesThing, ThingState } from '../../../shared/protocol/everyones-thing.ts';
import { LookChip } from '../../kit/state-chip.tsx';
import type { TableColumn } from '../../kit/table/table-column.ts';
import type { StateLook } from '../../kit/task-words.ts';
import { RelativeTime } from '../../kit/time.tsx';
import { isSteered } from './use-steering.ts';
import { STATE_WORDS, words } from './words.ts';

const LOOKS: Record<ThingState, Omit<StateLook, 'word'>> = {
	on: { color: 'teal', icon: 'circleCheck' },
	off: { color: 'gray', icon: 'pause' },
	trouble: { color: 'red', icon: 'alert' },
	retired: { color: 'gray', icon: 'trash' },
};

const Time = ({ at }: { at: string | null }) => (at === null ? '–' : <RelativeTime at={at} />);

const Owner = ({ owner, ownerName }: EveryonesThing) => {
	if (owner === null) return words.nobody;
	return ownerName === null ? words.hidden : <Link to={`/users/${owner}`}>{ownerName}</Link>;
};

/** What is told of a thing of any kind. */
export const everyonesColumns = (
	kind: EveryonesKind,
	onSteer: (thing: EveryonesThing) => void,
): readonly TableColumn<EveryonesThing>[] => [
	{ name: 'name', head: words.name, cell: ({ name }) => name, value: ({ name }) => name, width: '22%' },
	{
		name: 'owner',
		head: words.owner,
		cell: (thing) => <Owner {...thing} />,
		value: ({ ownerName, owner }) => ownerName ?? owner,
	},
	{
		name: 'state',
		head: words.state,
		cell: ({ state, reason }) => (
			<>
				<LookChip look={{ ...LOOKS[state], word: STATE_WORDS[state] }} quiet={state === 'on'} />
				{reason !== null && <div className="millrace-hint">{reason}</div>}
			</>
		),
		value: ({ state, reason }) => (reason === null ? STATE_WORDS[state] : `${STATE_WORDS[state]}: ${reason}`),
	},
	{ name: 'about', head: words.about, cell: ({ about }) => about, value: ({ about }) => about, width: '20%' },
	{ name: 'last', head: words.last, cell: ({ lastAt }) => <Time at={lastAt} />, value: ({ lastAt }) => lastAt },
	{
		name: 'outcome',
		head: words.outcome,
		cell: ({ lastOutcome }) => lastOutcome ?? '–',
		value: ({ lastOutcome }) => lastOutcome,
	},
	...(kind === 'schedule'
		? [
				{
					name: 'next',
					head: words.next,
					cell: ({ nextAt }: EveryonesThing) => <Time at={nextAt} />,
					value: ({ nextAt }: EveryonesThing) => nextAt,
				},
			]
		: []),
	{
		name: 'made',
		head: words.made,
		cell: ({ createdAt }) => <RelativeTime at={createdAt} />,
		value: ({ createdAt }) => createdAt,
	},
	...(isSteered(kind)
		? [
				{
					name: 'acts',
					head: words.acts,
					cell: (thing: EveryonesThing) => {
						const word = thing.state === 'on' ? words.pause : words.resume;
						return (
							<Button
								size="compact-sm"
								variant="default"
								aria-label={`${word}: ${thing.name}`}
								onClick={() => onSteer(thing)}
							>
								{word}
							</Button>
						);
					},
				},
			]
		: []),
];
