import { NativeSelect } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { readStatement } from '../../../shared/client/statements.ts';
import { monthOfUrl } from '../../kit/month.ts';
import { http } from '../../kit/remote/api.ts';
import page from '../../kit/shell/page.module.css';
import { useSearchParam } from '../../kit/shell/use-search-param.ts';
import { EmptyState, ErrorState, LoadingState } from '../../kit/states.tsx';
import { useTitle } from '../../kit/use-title.ts';
import classes from '../accounting/accounting.module.css';
import { MonthChoice } from '../accounting/month-choice.tsx';
import { useGroups } from '../accounting/use-choices.ts';
import { PersonSelect } from '../people/person-select.tsx';
import { keys } from '../remote/keys.ts';
import { StatementView } from './statement-view.tsx';
import { words } from './words.ts';

const KINDS = ['everybody', 'person', 'group'] as const;

/** What was used in a month and what it costs: of a person, a group or everybody, to look at and to take along. */
export const StatementsPage = () => {
	useTitle(words.title);
	const [monthText, setMonth] = useSearchParam('month');
	const [kindText, setKind] = useSearchParam('of');
	const [chosen, setChosen] = useSearchParam('id');
	const month = monthOfUrl(monthText);
	const kind = KINDS.find((one) => one === kindText) ?? 'everybody';
	const groups = useGroups();
	const isChosen = kind === 'everybody' || chosen !== '';
	const of = kind === 'person' ? { owner: chosen } : kind === 'group' ? { group: chosen } : {};
	const query = useQuery({
		queryKey: keys.statement(month, of),
		queryFn: ({ signal }) => readStatement(http, month, of, { signal }),
		enabled: isChosen,
		placeholderData: keepPreviousData,
	});
	return (
		<>
			<div className={page.titleBar}>
				<h1 className={page.pageTitle}>{words.title}</h1>
				<MonthChoice month={month} onChange={setMonth} />
			</div>
			<div className={classes.filters}>
				<NativeSelect
					label={words.of}
					value={kind}
					onChange={({ currentTarget: { value } }) => {
						setKind(value === 'everybody' ? '' : value);
						setChosen('');
					}}
					data={[
						{ value: 'everybody', label: words.everybody },
						{ value: 'person', label: words.aPerson },
						{ value: 'group', label: words.aGroup },
					]}
				/>
				{kind === 'person' && (
					<PersonSelect value={chosen === '' ? null : chosen} onChange={(id) => setChosen(id ?? '')} />
				)}
				{kind === 'group' && (
					<NativeSelect
						label={words.group}
						value={chosen}
						onChange={(event) => setChosen(event.currentTarget.value)}
						data={[{ value: '', label: words.choose }, ...groups.map(({ id, name }) => ({ value: id, label: name }))]}
					/>
				)}
			</div>
			{!isChosen ? (
				<EmptyState icon="receipt" title={words.choosePerson} />
			) : query.data === undefined ? (
				query.error ? (
					<ErrorState error={query.error} what={words.cannotShow} onRetry={() => void query.refetch()} />
				) : (
					<LoadingState what={words.what} />
				)
			) : (
				<StatementView statement={query.data} month={month} of={of} />
			)}
		</>
	);
};
