import { Button, NativeSelect } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useSearchParams } from 'react-router';
import { ROLES, USER_STATES } from '../../../shared/protocol/account.ts';
import { Icon } from '../../kit/icons.tsx';
import { FilterBox } from '../../kit/shell/filter-box.tsx';
import page from '../../kit/shell/page.module.css';
import { EmptyState, ErrorState, LoadingState } from '../../kit/states.tsx';
import { useTitle } from '../../kit/use-title.ts';
import { useClassNames } from '../accounting/use-choices.ts';
import { useCommands } from '../palette/commands.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { usePeople, usePeopleFilter } from './use-people.ts';
import { USER_LOOKS } from './user-looks.ts';
import { UserTable } from './user-table.tsx';
import { words } from './words.ts';

/** Everybody who has an account. */
export const UsersPage = () => {
	useTitle(words.title);
	const [inviting, dialog] = useDisclosure(false);
	const { filter, ...chosen } = usePeopleFilter();
	const [, setParams] = useSearchParams();
	const query = usePeople(filter);
	const classNames = useClassNames();
	useCommands([{ id: 'user invite', group: words.title, word: words.invite, icon: 'plus', run: dialog.open }]);
	const isNarrowed = Object.keys(filter).length > 0;
	const invite = (
		<Button leftSection={<Icon name="plus" size={16} />} onClick={dialog.open}>
			{words.invite}
		</Button>
	);
	return (
		<>
			<div className={page.titleBar}>
				<h1 className={page.pageTitle}>{words.title}</h1>
				{invite}
			</div>
			<div className={page.tools}>
				<FilterBox label={words.filter} value={chosen.name} onChange={chosen.setName} />
				<NativeSelect
					aria-label={words.role}
					value={chosen.role}
					onChange={(event) => chosen.setRole(event.currentTarget.value)}
					data={[{ value: '', label: words.anyRole }, ...ROLES.map((role) => ({ value: role, label: role }))]}
				/>
				<NativeSelect
					aria-label={words.class}
					value={chosen.serviceClass}
					onChange={(event) => chosen.setClass(event.currentTarget.value)}
					data={[{ value: '', label: words.anyClass }, ...classNames.map((name) => ({ value: name, label: name }))]}
				/>
				<NativeSelect
					aria-label={words.state}
					value={chosen.state}
					onChange={(event) => chosen.setState(event.currentTarget.value)}
					data={[
						{ value: '', label: words.anyState },
						...USER_STATES.map((state) => ({ value: state, label: USER_LOOKS[state].word })),
					]}
				/>
			</div>
			{query.data === undefined ? (
				query.error ? (
					<ErrorState error={query.error} what={words.cannotShow} onRetry={() => void query.refetch()} />
				) : (
					<LoadingState what={words.what} />
				)
			) : query.rows.length > 0 ? (
				<UserTable query={query} />
			) : isNarrowed ? (
				<EmptyState
					icon="search"
					title={words.noneFit}
					actions={
						<Button variant="default" onClick={() => setParams({})}>
							{words.clear}
						</Button>
					}
				/>
			) : (
				<EmptyState icon="user" title={words.none} actions={invite}>
					{words.noneLong}
				</EmptyState>
			)}
			<InviteDialog opened={inviting} onClose={dialog.close} />
		</>
	);
};
