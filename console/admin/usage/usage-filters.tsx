import { Button, NativeSelect, TextInput } from '@mantine/core';
import { Link } from 'react-router';
import { Icon } from '../../kit/icons.tsx';
import { currentMonth, monthInWords, periodOfMonth } from '../../kit/month.ts';
import classes from '../accounting/accounting.module.css';
import { rowTitle } from './row-title.ts';
import {
	addressOf,
	mayShow,
	monthOf,
	movedBy,
	NARROWED_BY,
	type NarrowedBy,
	type UsageAsked,
	VIEWS,
} from './usage-query.ts';
import { useCut } from './use-usage.ts';
import { VIEW_WORDS, words } from './words.ts';

const DAY_MS = 86_400_000;
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** The time, what it is told apart by, and what it is narrowed down to: all of it is in the address. */
export const UsageFilters = ({ asked, ask }: { asked: UsageAsked; ask(next: UsageAsked): void }) => {
	const month = monthOf(asked);
	const lastDay = dayOf(Date.parse(asked.to) - 1);
	const isNow = asked.to >= periodOfMonth(currentMonth()).to;
	const views = VIEWS.filter((view) => view === asked.by || mayShow(view, asked));
	/** A day that was typed by halves changes nothing. */
	const withDays = (from: string, last: string): void => {
		if (!/^20\d\d-\d\d-\d\d$/.test(from) || !/^20\d\d-\d\d-\d\d$/.test(last) || from > last) return;
		ask({ ...asked, from: `${from}T00:00:00.000Z`, to: new Date(Date.parse(last) + DAY_MS).toISOString() });
	};
	return (
		<>
			<div className={classes.filters}>
				<div className={classes.months}>
					<Button variant="default" px={10} aria-label={words.earlier} onClick={() => ask(movedBy(asked, -1))}>
						<Icon name="chevronRight" className={classes.back!} />
					</Button>
					<strong aria-live="polite">
						{month === null ? `${asked.from.slice(0, 10)} – ${lastDay}` : monthInWords(month)}
					</strong>
					<Button
						variant="default"
						px={10}
						disabled={isNow}
						aria-label={words.later}
						onClick={() => ask(movedBy(asked, 1))}
					>
						<Icon name="chevronRight" />
					</Button>
				</div>
				<TextInput
					type="date"
					label={words.from}
					value={asked.from.slice(0, 10)}
					max={lastDay}
					onChange={(event) => withDays(event.currentTarget.value, lastDay)}
				/>
				<TextInput
					type="date"
					label={words.until}
					value={lastDay}
					min={asked.from.slice(0, 10)}
					onChange={(event) => withDays(asked.from.slice(0, 10), event.currentTarget.value)}
				/>
				<NativeSelect
					label={words.by}
					value={asked.by}
					onChange={({ currentTarget: { value } }) =>
						ask({ ...asked, by: VIEWS.find((view) => view === value) ?? 'owner' })
					}
					data={views.map((view) => ({ value: view, label: VIEW_WORDS[view] }))}
				/>
			</div>
			{Object.keys(asked.narrowed).length > 0 && (
				<ul className={classes.pills} aria-label={words.narrowed}>
					{NARROWED_BY.filter((name) => asked.narrowed[name] !== undefined).map((name) => (
						<Pill key={name} name={name} asked={asked} />
					))}
				</ul>
			)}
		</>
	);
};

const Pill = ({ name, asked }: { name: NarrowedBy; asked: UsageAsked }) => {
	const key = asked.narrowed[name] ?? '';
	const { [name]: _, ...narrowed } = asked.narrowed;
	const isId = name === 'owner' || name === 'group' || name === 'node';
	// The name of an id is what the same cut calls it.
	const { data } = useCut({ from: asked.from, to: asked.to, by: name, [name]: key }, isId);
	const found = data?.by === name ? data.items.find((item) => item.key === key) : undefined;
	const title = isId ? (found ? rowTitle(name, found) : key) : rowTitle(name, { key, name: null });
	return (
		<li className={classes.pill}>
			<span>
				{VIEW_WORDS[name]}: <strong>{title}</strong>
			</span>
			<Link to={addressOf({ ...asked, narrowed })} aria-label={words.remove(title)}>
				<Icon name="close" size={14} />
			</Link>
		</li>
	);
};
