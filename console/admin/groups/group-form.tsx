import { Button } from '@mantine/core';
import { useState } from 'react';
import { changeGroup } from '../../../shared/client/groups.ts';
import { CodedError } from '../../../shared/coded-error.ts';
import { type GroupChange, type GroupView, groupNameSchema } from '../../../shared/protocol/group.ts';
import { notifyUndo } from '../../kit/notify.tsx';
import { http } from '../../kit/remote/api.ts';
import { useAct } from '../../kit/remote/use-act.ts';
import page from '../../kit/shell/page.module.css';
import { keys } from '../remote/keys.ts';
import { type GroupDraft, GroupFields } from './group-fields.tsx';
import { possibleParents } from './group-tree.ts';
import classes from './groups.module.css';
import { words } from './words.ts';

interface GroupFormProps {
	group: GroupView;
	groups: readonly GroupView[];
	mayChange: boolean;
}

const draftOf = ({ name, parent, serviceClass }: GroupView): GroupDraft => ({
	name,
	parent: parent ?? '',
	serviceClass: serviceClass ?? '',
});

const changeOf = ({ name, parent, serviceClass }: GroupDraft): GroupChange => ({
	name: name.trim(),
	parent: parent || null,
	serviceClass: serviceClass || null,
});

/** What a group is called, where it lies and what it gives. What was changed can be taken back. */
export const GroupForm = ({ group, groups, mayChange }: GroupFormProps) => {
	const [draft, setDraft] = useState(() => draftOf(group));
	const change = useAct({
		act: ({ wanted, ifVersion }: { wanted: GroupDraft; ifVersion: number }) =>
			changeGroup(http, group.id, changeOf(wanted), ifVersion).catch((cause: unknown) => {
				if (!(cause instanceof CodedError) || cause.code !== 'precondition-failed') throw cause;
				throw new CodedError('precondition-failed', words.changedMeanwhile, { cause });
			}),
		key: keys.groups,
		failed: words.notSaved,
		onDone(changed) {
			const back = () => change.mutate({ wanted: draftOf(group), ifVersion: changed.version });
			notifyUndo(words.saved(changed.name), back, 'restore');
		},
	});
	const named = groupNameSchema.safeParse(draft.name);
	const isSame = JSON.stringify(changeOf(draft)) === JSON.stringify(changeOf(draftOf(group)));
	return (
		<form
			className={page.card}
			aria-label={words.settings}
			onSubmit={(event) => {
				event.preventDefault();
				if (named.success) change.mutate({ wanted: draft, ifVersion: group.version });
			}}
		>
			<h2>{words.settings}</h2>
			<div className={classes.form}>
				<GroupFields
					draft={draft}
					onChange={setDraft}
					parents={possibleParents(groups, group)}
					isReadOnly={!mayChange}
					{...(named.success ? {} : { fault: `${words.name}: ${named.error.issues[0]?.message ?? ''}.` })}
				/>
			</div>
			{mayChange && (
				<div className={classes.save}>
					<Button type="submit" disabled={isSame || !named.success} loading={change.isPending}>
						{words.save}
					</Button>
				</div>
			)}
		</form>
	);
};
