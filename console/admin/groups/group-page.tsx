import { Link, useParams } from 'react-router';
import type { GroupView } from '../../../shared/protocol/group.ts';
import { useMe } from '../../kit/session/session.tsx';
import { Fact } from '../../kit/shell/fact.tsx';
import page from '../../kit/shell/page.module.css';
import { ReadOne } from '../../kit/shell/read-one.tsx';
import { RelativeTime } from '../../kit/time.tsx';
import { useTitle } from '../../kit/use-title.ts';
import { PreviewCard } from '../classes/preview-card.tsx';
import { settingsIn } from '../classes/setting-values.ts';
import { useClasses } from '../classes/use-classes.ts';
import { DeleteGroup } from './delete-group.tsx';
import { classOf, groupPath } from './group-columns.tsx';
import { GroupForm } from './group-form.tsx';
import { groupCalled } from './group-tree.ts';
import classes from './groups.module.css';
import { MembersCard } from './members-card.tsx';
import { useGroup, useGroups } from './use-groups.ts';
import { words } from './words.ts';

/** One group: who is in it, what it gives them, and where it lies. */
export const GroupPage = () => {
	const { name = '' } = useParams();
	const query = useGroups();
	const group = query.data && groupCalled(query.data, name);
	useTitle(group?.name ?? name);
	return (
		<ReadOne
			query={{ ...query, data: group }}
			isId={query.data === undefined || group !== undefined}
			what={words.group}
			all={{ to: '/groups', word: words.all }}
		>
			{(found) => <GroupDetails key={found.id} group={found} groups={query.data ?? []} />}
		</ReadOne>
	);
};

const GroupDetails = ({ group, groups }: { group: GroupView; groups: readonly GroupView[] }) => {
	const mayChange = useMe().role === 'administrator';
	const all = useClasses().data?.items ?? [];
	const { serviceClass } = group.inForce;
	const counts = all.find(({ name }) => name === serviceClass);
	const passedOver = useGroup(group.id).data?.policy.passedOver ?? [];
	const within = groups.filter(({ parent }) => parent === group.id);
	return (
		<>
			<Link className={page.back!} to="/groups">
				{words.all}
			</Link>
			<div className={page.head}>
				<h1 className={page.title}>{group.name}</h1>
				{mayChange && (
					<div className={page.acts}>
						<DeleteGroup group={group} within={within} />
					</div>
				)}
			</div>
			<div className={page.columns}>
				<div className={page.main}>
					<GroupForm key={group.version} group={group} groups={groups} mayChange={mayChange} />
					<MembersCard group={group} mayChange={mayChange} />
				</div>
				<aside className={page.side} aria-label={words.inForce}>
					<section className={page.card}>
						<h2>{words.inForce}</h2>
						<dl className={page.facts}>
							<Fact name={words.inForceFrom}>
								<Link to={`/classes/${serviceClass}`}>{classOf(group)}</Link>
							</Fact>
							{passedOver.length > 0 && (
								<Fact name={words.passedOver}>
									<ul className={classes.within}>
										{passedOver.map((reason) => (
											<li key={reason}>{reason}</li>
										))}
									</ul>
								</Fact>
							)}
							<Fact name={words.members}>{words.memberCount(group.members)}</Fact>
							<Fact name={words.madeAt}>
								<RelativeTime at={group.createdAt} />
							</Fact>
						</dl>
					</section>
					{within.length > 0 && (
						<section className={page.card}>
							<h2>{words.groupsWithin}</h2>
							<ul className={classes.within}>
								{within.map((one) => (
									<li key={one.id}>
										<Link className={page.name!} to={groupPath(one)}>
											{one.name}
										</Link>
									</li>
								))}
							</ul>
						</section>
					)}
					{counts && <PreviewCard name={serviceClass} settings={settingsIn(counts)} all={all} />}
				</aside>
			</div>
		</>
	);
};
