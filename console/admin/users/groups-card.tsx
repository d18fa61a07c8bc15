import { Button, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { listGroupsOf } from '../../../shared/client/groups.ts';
import type { PersonView } from '../../../shared/protocol/account.ts';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import page from '../../kit/shell/page.module.css';
import { LoadingState } from '../../kit/states.tsx';
import classes from '../accounting/accounting.module.css';
import { useGroups } from '../accounting/use-choices.ts';
import { keys } from '../remote/keys.ts';
import { useMembership } from './use-person-acts.ts';
import { words } from './words.ts';

/** The groups that somebody is in. */
export const GroupsCard = ({ person }: { person: PersonView }) => {
	const { id } = person;
	const { data, error } = useQuery({
		queryKey: keys.personGroups(id),
		queryFn: ({ signal }) => listGroupsOf(http, id, { signal }),
	});
	const all = useGroups();
	const membership = useMembership(person);
	const others = all.filter((group) => !data?.items.some((one) => one.id === group.id));
	return (
		<section className={page.card}>
			<h2>{words.groups}</h2>
			{data === undefined ? (
				error ? (
					<p className={page.fault} role="alert">
						{errorText(error)}
					</p>
				) : (
					<LoadingState what={words.groups} rows={2} />
				)
			) : (
				<>
					{data.items.length === 0 && <p className={page.quiet}>{words.noGroups}</p>}
					<ul className={classes.rows}>
						{data.items.map((group) => (
							<li key={group.id}>
								<span>
									<Link className={page.link} to={`/groups/${group.id}`}>
										{group.name}
									</Link>
									{group.serviceClass !== null && <small>{words.gives(group.serviceClass)}</small>}
								</span>
								<Button
									variant="default"
									size="xs"
									aria-label={words.leaveOf(group.name)}
									onClick={() => membership.mutate({ group, isIn: false })}
								>
									{words.leave}
								</Button>
							</li>
						))}
					</ul>
					{others.length > 0 && (
						<NativeSelect
							mt="sm"
							label={words.addTo}
							value=""
							onChange={({ currentTarget: { value } }) => {
								const group = others.find((one) => one.id === value);
								if (group) membership.mutate({ group, isIn: true });
							}}
							data={[
								{ value: '', label: words.choose },
								...others.map((group) => ({ value: group.id, label: group.name })),
							]}
						/>
					)}
				</>
			)}
		</section>
	);
};
