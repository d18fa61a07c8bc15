import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { addGroupMember, removeGroupMember } from '../../../shared/client/groups.ts';
import type { GroupMember, GroupView } from '../../../shared/protocol/group.ts';
import { Icon } from '../../kit/icons.tsx';
import { notifyDone, notifyUndo } from '../../kit/notify.tsx';
import { http } from '../../kit/remote/api.ts';
import { useAct } from '../../kit/remote/use-act.ts';
import page from '../../kit/shell/page.module.css';
import { ReadList } from '../../kit/shell/read-list.tsx';
import { EmptyState } from '../../kit/states.tsx';
import { keys } from '../remote/keys.ts';
import { namesIn } from './group-tree.ts';
import classes from './groups.module.css';
import { addByName, useMembers } from './use-groups.ts';
import { words } from './words.ts';

/** Who is in a group themselves; added by name, taken out with a way back. */
export const MembersCard = ({ group, mayChange }: { group: GroupView; mayChange: boolean }) => {
	const query = useMembers(group.id);
	const back = useAct({
		act: ({ id }: GroupMember) => addGroupMember(http, group.id, id),
		key: keys.groups,
		failed: words.notAdded,
	});
	const removal = useAct({
		act: async (member: GroupMember) => {
			await removeGroupMember(http, group.id, member.id);
			return member;
		},
		key: keys.groups,
		failed: words.notRemoved,
		onDone: (member) => notifyUndo(words.removed(member.username), () => back.mutate(member), 'restore'),
	});
	return (
		<section className={page.card} aria-label={words.members}>
			<h2>{words.members}</h2>
			{mayChange && <AddMembers group={group} />}
			<ReadList
				query={query}
				what={words.theMembers}
				none={
					<EmptyState icon="people" title={words.noMembers}>
						{words.noMembersText}
					</EmptyState>
				}
				row={(member) => (
					<>
						<div className={page.words}>
							<Link className={page.name!} to={`/users/${member.id}`}>
								{member.username}
							</Link>
						</div>
						{mayChange && (
							<Button
								variant="default"
								size="compact-md"
								leftSection={<Icon name="close" size={15} />}
								aria-label={words.removeMemberOf(member.username)}
								onClick={() => removal.mutate(member)}
							>
								{words.removeMember}
							</Button>
						)}
					</>
				)}
			/>
		</section>
	);
};

const AddMembers = ({ group }: { group: GroupView }) => {
	const [text, setText] = useState('');
	const [unknown, setUnknown] = useState<readonly string[]>([]);
	const names = namesIn(text);
	const adding = useAct({
		act: (wanted: readonly string[]) => addByName(group.id, wanted),
		key: keys.groups,
		failed: words.notAdded,
		onDone(found) {
			if (found.added > 0) notifyDone(words.added(found.added));
			setUnknown(found.unknown);
			// Those whom nobody knows stay, to be corrected.
			setText(found.unknown.join('\n'));
		},
	});
	return (
		<form
			className={classes.add}
			onSubmit={(event) => {
				event.preventDefault();
				if (names.length > 0) adding.mutate(names);
			}}
		>
			<Textarea
				label={words.addLabel}
				description={words.addHelp}
				error={unknown.length === 0 ? undefined : words.unknown(unknown.join(', '))}
				autosize
				minRows={1}
				maxRows={6}
				spellCheck={false}
				autoComplete="off"
				value={text}
				onChange={(event) => {
					setText(event.currentTarget.value);
					setUnknown([]);
				}}
			/>
			<Button type="submit" disabled={names.length === 0} loading={adding.isPending}>
				{words.add}
			</Button>
		</form>
	);
};
