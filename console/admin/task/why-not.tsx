import { Link } from 'react-router';
import type { PlacementView, Waiting } from '../../../shared/protocol/waiting.ts';
import { Icon } from '../../kit/icons.tsx';
import { useMe } from '../../kit/session/session.tsx';
import { Fact } from '../../kit/shell/fact.tsx';
import page from '../../kit/shell/page.module.css';
import { ErrorState, LoadingState } from '../../kit/states.tsx';
import { DataTable } from '../../kit/table/data-table.tsx';
import type { TableColumn } from '../../kit/table/table-column.ts';
import { RelativeTime } from '../../kit/time.tsx';
import { NodeLink } from './node-link.tsx';
import { constraintWords, rulesOf, ruleWords, unmetBy } from './rule-words.ts';
import classes from './task.module.css';
import { usePlacement } from './use-task.ts';
import { UNBLOCKS, words } from './words.ts';

type NodePlacement = PlacementView['nodes'][number];

/** Satisfied or not: as icon, colour and word. */
const Verdict = ({ holds, text }: { holds: boolean; text: string }) => (
	<span className={classes.verdict} data-holds={holds}>
		<Icon name={holds ? 'check' : 'close'} size={14} />
		{text}
	</span>
);

const yesNo = (is: boolean): string => (is ? words.yes : words.no);

const columnsOf = (nodes: readonly NodePlacement[]): TableColumn<NodePlacement>[] => [
	{
		name: 'node',
		head: words.node,
		cell: ({ name }) => (
			<span className={classes.node}>
				<NodeLink name={name} />
			</span>
		),
		value: ({ name }) => name,
	},
	{
		...{ name: 'able', head: words.couldRun, value: ({ able }: NodePlacement) => yesNo(able) },
		cell: ({ able }) => <Verdict holds={able} text={yesNo(able)} />,
	},
	{
		...{ name: 'room', head: words.hasRoom, value: ({ room }: NodePlacement) => yesNo(room) },
		cell: ({ room }) => <Verdict holds={room} text={yesNo(room)} />,
	},
	...rulesOf([...nodes])
		.filter((rule) => rule !== 'slot')
		.map((rule): TableColumn<NodePlacement> => {
			const asked = (node: NodePlacement) => node.constraints.find(({ name }) => name === rule);
			return {
				name: rule,
				head: ruleWords(rule),
				cell: (node) => {
					const one = asked(node);
					return one === undefined ? '–' : <Verdict holds={one.holds} text={constraintWords(one)} />;
				},
				value: (node) => {
					const one = asked(node);
					return one === undefined ? null : constraintWords(one);
				},
			};
		}),
];

const Ahead = ({ waiting }: { waiting: Waiting }) => {
	const { ahead } = waiting;
	if (ahead === null) return null;
	const told = [
		...(ahead.own > 0 ? [words.aheadOwn(ahead.own)] : []),
		...ahead.classes.map(({ people, serviceClass }) => words.aheadPeople(people, serviceClass)),
	];
	return <Fact name={words.ahead}>{told.join(', ') || words.aheadNobody}</Fact>;
};

/** What to do about one of the things that keep it; a budget with its name, as a link for those who may change it. */
const Unblock = ({ waiting: { rule, facts } }: { waiting: Waiting }) => {
	const maySee = useMe().role === 'administrator';
	const { budget, budgetId } = facts;
	if (rule !== 'budget' || typeof budget !== 'string') return UNBLOCKS[rule];
	const name = budget.replace(/^the /, '');
	return (
		<>
			{UNBLOCKS[rule]} {words.heldByBudget}{' '}
			{maySee && typeof budgetId === 'string' ? (
				<Link className={page.link} to={`/budgets?${new URLSearchParams({ id: budgetId })}`}>
					{name}
				</Link>
			) : (
				name
			)}
			.
		</>
	);
};

/** One after the other: the next is of no use before the first. */
const Unblocks = ({ waiting, obstacles }: { waiting: Waiting; obstacles: readonly Waiting[] }) =>
	obstacles.length < 2 ? (
		<Unblock waiting={obstacles[0] ?? waiting} />
	) : (
		<ol className={classes.obstacles}>
			{obstacles.map((one) => (
				<li key={one.rule}>
					<Unblock waiting={one} />
				</li>
			))}
		</ol>
	);

/** Why a task does not run: the rule and what would unblock it, who is ahead, and node by node what is satisfied. */
export const WhyNot = ({ id }: { id: string }) => {
	const { data, error, refetch } = usePlacement(id);
	if (data === undefined) {
		return error ? (
			<ErrorState error={error} what={words.placementFailed} onRetry={() => void refetch()} />
		) : (
			<LoadingState what={words.placementLoading} rows={3} />
		);
	}
	const { waiting, obstacles, startsAt, nodes, total, able, withRoom } = data;
	const unmet = unmetBy(nodes);
	return (
		<>
			{waiting !== null && (
				<dl className={`${page.facts} ${classes.why}`}>
					<Fact name={words.unblocks}>
						<Unblocks waiting={waiting} obstacles={obstacles} />
					</Fact>
					<Ahead waiting={waiting} />
					<Fact name={words.starts}>
						{startsAt === null ? (
							words.notKnown
						) : (
							<>
								<RelativeTime at={startsAt.earliest} /> {words.until} <RelativeTime at={startsAt.latest} />
							</>
						)}
					</Fact>
				</dl>
			)}
			<p className={page.quiet}>
				{total === 0 ? words.noNodes : words.nodesSummary(total, able, withRoom)}
				{unmet.length > 0 && ` ${words.noneHas(unmet.map((rule) => ruleWords(rule).toLowerCase()).join(', '))}`}
				{nodes.length < total && ` ${words.nearest(nodes.length)}`}
			</p>
			{nodes.length > 0 && (
				<DataTable
					label={words.whyNot}
					rows={nodes}
					columns={columnsOf(nodes)}
					keyOf={({ name }) => name}
					csvName="why-not"
					sortName="nodes"
				/>
			)}
		</>
	);
};
