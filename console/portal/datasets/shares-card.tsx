import { Button, NativeSelect, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { shareDataset } from '../../../shared/client/datasets.ts';
import type { DatasetGrants, DatasetShares, DatasetView } from '../../../shared/protocol/dataset.ts';
import { Icon } from '../../kit/icons.tsx';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { useAct } from '../../kit/remote/use-act.ts';
import { useMe } from '../../kit/session/session.tsx';
import pageClasses from '../../kit/shell/page.module.css';
import { LoadingState } from '../../kit/states.tsx';
import { keys } from '../remote/keys.ts';
import classes from './datasets.module.css';
import { useGroups, useShares } from './use-datasets.ts';

/** With whom a dataset is shared; groups and everybody are for administrators. */
export const SharesCard = ({ dataset }: { dataset: DatasetView }) => {
	const query = useShares(dataset.name, true);
	return (
		<section className={pageClasses.card}>
			<h2>Shared with</h2>
			{query.data ? (
				<Shares dataset={dataset} shares={query.data} />
			) : query.isError ? (
				<p className={pageClasses.fault} role="alert">
					{errorText(query.error)}
				</p>
			) : (
				<LoadingState what="with whom it is shared" rows={2} />
			)}
		</section>
	);
};

const Shares = ({ dataset, shares }: { dataset: DatasetView; shares: DatasetShares }) => {
	const isAdministrator = useMe().role === 'administrator';
	const [person, setPerson] = useState('');
	const { everyone, users, groups, names } = shares;
	const share = useAct<Partial<DatasetGrants>, DatasetShares>({
		act: (change) => shareDataset(http, dataset.name, { everyone, users, groups, ...change }),
		key: keys.datasets,
		failed: 'Nothing was changed',
		onDone: () => setPerson(''),
	});
	const isSharing = share.isPending;
	const others = [
		...users.map((id) => ({ id, without: { users: users.filter((one) => one !== id) } })),
		...groups.map((id) => ({ id, without: { groups: groups.filter((one) => one !== id) } })),
	];
	return (
		<>
			{isAdministrator ? (
				<Switch
					label="Everybody may read it"
					checked={everyone}
					disabled={isSharing}
					onChange={(event) => share.mutate({ everyone: event.currentTarget.checked })}
				/>
			) : (
				everyone && <p className={pageClasses.quiet}>Everybody may read it.</p>
			)}
			{others.length > 0 && (
				<ul className={classes.shares}>
					{others.map(({ id, without }) => (
						<li key={id}>
							<Icon name={groups.includes(id) ? 'people' : 'user'} size={17} />
							<span>
								{names[id] ?? id}
								{groups.includes(id) && <small> group</small>}
							</span>
							<Button variant="default" size="compact-sm" disabled={isSharing} onClick={() => share.mutate(without)}>
								Remove<span className="millrace-off-screen"> {names[id] ?? id}</span>
							</Button>
						</li>
					))}
				</ul>
			)}
			{others.length === 0 && !everyone && <p className={`${pageClasses.quiet} ${classes.nobody}`}>Nobody else yet.</p>}
			<form
				className={classes.addShare}
				onSubmit={(event) => {
					event.preventDefault();
					if (person.trim() !== '') share.mutate({ users: [...users, person.trim()] });
				}}
			>
				<TextInput
					label="Share with a person"
					placeholder="Name"
					autoComplete="off"
					spellCheck={false}
					maxLength={64}
					value={person}
					onChange={(event) => setPerson(event.currentTarget.value)}
				/>
				<Button type="submit" variant="default" loading={isSharing} disabled={person.trim() === ''}>
					Share
				</Button>
			</form>
			{isAdministrator && (
				<GroupChoice groups={groups} disabled={isSharing} onAdd={(id) => share.mutate({ groups: [...groups, id] })} />
			)}
		</>
	);
};

const GroupChoice = (props: { groups: readonly string[]; disabled: boolean; onAdd(id: string): void }) => {
	const all = useGroups(true).data?.items ?? [];
	const offered = all.filter(({ id }) => !props.groups.includes(id));
	if (offered.length === 0) return null;
	return (
		<NativeSelect
			mt="sm"
			label="Share with a group"
			data={[{ value: '', label: 'Choose a group…' }, ...offered.map(({ id, name }) => ({ value: id, label: name }))]}
			value=""
			disabled={props.disabled}
			onChange={(event) => {
				if (event.currentTarget.value !== '') props.onAdd(event.currentTarget.value);
			}}
		/>
	);
};
