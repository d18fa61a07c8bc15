import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { readUser } from '../../../shared/client/users.ts';
import type { PersonView } from '../../../shared/protocol/account.ts';
import { idSchema } from '../../../shared/protocol/ids.ts';
import { http } from '../../kit/remote/api.ts';
import page from '../../kit/shell/page.module.css';
import { ReadOne } from '../../kit/shell/read-one.tsx';
import { LookChip } from '../../kit/state-chip.tsx';
import { useTitle } from '../../kit/use-title.ts';
import { keys } from '../remote/keys.ts';
import { AccessCard } from './access-card.tsx';
import { AccountCard } from './account-card.tsx';
import { GroupsCard } from './groups-card.tsx';
import { LimitsCard } from './limits-card.tsx';
import { MonthCard } from './month-card.tsx';
import { PersonActs } from './person-acts.tsx';
import { stateOf, USER_LOOKS } from './user-looks.ts';
import { words } from './words.ts';

const EVERY_MS = 30_000;

/** One person: what they may, by what they are let in, what they use. */
export const PersonPage = () => {
	const { id = '' } = useParams();
	const isId = idSchema('user').safeParse(id).success;
	const query = useQuery({
		queryKey: keys.person(id),
		queryFn: ({ signal }) => readUser(http, id, { signal }),
		enabled: isId,
		refetchInterval: EVERY_MS,
	});
	return (
		<ReadOne query={query} isId={isId} what={words.person} all={{ to: '/users', word: words.allUsers }}>
			{(person) => <Person person={person} />}
		</ReadOne>
	);
};

const Person = ({ person }: { person: PersonView }) => {
	useTitle(person.username);
	return (
		<>
			<Link className={page.back} to="/users">
				{words.allUsers}
			</Link>
			<div className={page.head}>
				<div className={page.titleLine}>
					<h1 className={page.title}>{person.username}</h1>
					<LookChip look={USER_LOOKS[stateOf(person)]} />
				</div>
				<PersonActs person={person} />
			</div>
			<div className={page.columns}>
				<div className={page.main}>
					<AccessCard person={person} />
					<MonthCard person={person} />
					<GroupsCard person={person} />
				</div>
				<div className={page.side}>
					<AccountCard person={person} />
					<LimitsCard person={person} />
				</div>
			</div>
		</>
	);
};
