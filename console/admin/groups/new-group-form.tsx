import { Button, Group, Stack } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { createGroup } from '../../../shared/client/groups.ts';
import { type GroupView, groupNameSchema } from '../../../shared/protocol/group.ts';
import { notifyDone } from '../../kit/notify.tsx';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import { keys } from '../remote/keys.ts';
import { type GroupDraft, GroupFields } from './group-fields.tsx';
import { words } from './words.ts';

interface NewGroupProps {
	groups: readonly GroupView[];
	onMade(group: GroupView): void;
}

/** A group that is not there yet. */
export const NewGroupForm = ({ groups, onMade }: NewGroupProps) => {
	const [draft, setDraft] = useState<GroupDraft>({ name: '', parent: '', serviceClass: '' });
	const [fault, setFault] = useState<string | undefined>();
	const making = useMutation({
		mutationFn: ({ name, parent, serviceClass }: GroupDraft) =>
			createGroup(http, { name, parent: parent || null, serviceClass: serviceClass || null }),
		async onSuccess(group) {
			notifyDone(words.made(group.name));
			await queryClient.invalidateQueries({ queryKey: keys.groups });
			onMade(group);
		},
		onError: (error) => setFault(errorText(error)),
	});
	return (
		<form
			onSubmit={(event) => {
				event.preventDefault();
				const named = groupNameSchema.safeParse(draft.name);
				if (named.success) making.mutate(draft);
				else setFault(`${words.name}: ${named.error.issues[0]?.message ?? words.nameHelp}.`);
			}}
		>
			<Stack gap="md">
				<GroupFields
					draft={draft}
					parents={groups}
					fault={fault}
					onChange={(next) => {
						setDraft(next);
						setFault(undefined);
					}}
				/>
				<Group justify="flex-end">
					<Button type="submit" loading={making.isPending}>
						{words.makeAct}
					</Button>
				</Group>
			</Stack>
		</form>
	);
};
