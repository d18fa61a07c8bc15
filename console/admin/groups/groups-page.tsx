import { Button, Modal, NativeSelect } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMemo } from 'react';
import { useNavigate } from 'react-router';
import { nameKey } from '../../../shared/name-key.ts';
import type { GroupView } from '../../../shared/protocol/group.ts';
import { Icon } from '../../kit/icons.tsx';
import { useMe } from '../../kit/session/session.tsx';
import { FilterBox } from '../../kit/shell/filter-box.tsx';
import page from '../../kit/shell/page.module.css';
import { useSearchParam } from '../../kit/shell/use-search-param.ts';
import { EmptyState, ErrorState, LoadingState } from '../../kit/states.tsx';
import { DataTable } from '../../kit/table/data-table.tsx';
import { useTitle } from '../../kit/use-title.ts';
import { useCommands } from '../palette/commands.tsx';
import { groupColumns, groupPath } from './group-columns.tsx';
import classes from './groups.module.css';
import { NewGroupForm } from './new-group-form.tsx';
import { useGroups } from './use-groups.ts';
import { words } from './words.ts';

/** Groups of people, what each gives, and how many are in it. */
export const GroupsPage = () => {
	useTitle(words.title);
	const navigate = useNavigate();
	const query = useGroups();
	const [making, dialog] = useDisclosure(false);
	const mayMake = useMe().role === 'administrator';
	useCommands([
		...(mayMake
			? [{ id: 'new group', group: words.title, word: words.make, icon: 'plus' as const, run: dialog.open }]
			: []),
	]);
	const make = mayMake && (
		<Button leftSection={<Icon name="plus" size={17} />} onClick={dialog.open}>
			{words.make}
		</Button>
	);
	const groups = query.data;
	return (
		<>
			<div className={page.titleBar}>
				<h1 className={page.pageTitle}>{words.title}</h1>
				{groups !== undefined && groups.length > 0 && make}
			</div>
			<p className={page.lead}>{words.lead}</p>
			{groups === undefined ? (
				query.error ? (
					<ErrorState error={query.error} what={words.cannotShow} onRetry={() => void query.refetch()} />
				) : (
					<LoadingState what={words.theGroups} />
				)
			) : groups.length === 0 ? (
				<EmptyState icon="people" title={words.none} actions={make}>
					{words.noneText}
				</EmptyState>
			) : (
				<GroupTable groups={groups} />
			)}
			<Modal opened={making} onClose={dialog.close} title={words.make}>
				<NewGroupForm groups={groups ?? []} onMade={(group) => void navigate(groupPath(group))} />
			</Modal>
		</>
	);
};

/** The groups that fit the filters in the address. */
const GroupTable = ({ groups }: { groups: readonly GroupView[] }) => {
	const [text, setText] = useSearchParam('name');
	const [serviceClass, setServiceClass] = useSearchParam('class');
	const columns = useMemo(() => groupColumns(groups), [groups]);
	const rows = groups.filter(
		(group) =>
			nameKey(group.name).includes(nameKey(text)) && (serviceClass === '' || group.serviceClass === serviceClass),
	);
	const given = [...new Set(groups.flatMap((group) => group.serviceClass ?? []))];
	const choices = serviceClass === '' || given.includes(serviceClass) ? given : [...given, serviceClass];
	return (
		<>
			<div className={classes.filters}>
				<FilterBox label={words.filter} value={text} onChange={setText} />
				<NativeSelect
					aria-label={words.classFilter}
					value={serviceClass}
					onChange={(event) => setServiceClass(event.currentTarget.value)}
					data={[{ value: '', label: words.anyClass }, ...choices.sort().map((name) => ({ value: name, label: name }))]}
				/>
			</div>
			{rows.length === 0 ? (
				<EmptyState
					icon="search"
					title={words.noMatch}
					actions={
						<Button
							variant="default"
							onClick={() => {
								// Both at once: each would write the address that it has seen.
								setText('');
								setServiceClass('');
							}}
						>
							{words.clear}
						</Button>
					}
				>
					{words.noMatchText}
				</EmptyState>
			) : (
				<DataTable
					label={words.title}
					rows={rows}
					columns={columns}
					keyOf={({ id }) => id}
					sort="name"
					csvName="groups"
				/>
			)}
		</>
	);
};
