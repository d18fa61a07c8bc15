import { addGroupMember, removeGroupMember } from '../../../shared/client/groups.ts';
import {
	changeUser,
	endUserSession,
	makePasswordLink,
	revokeUserCredential,
	shutUserOut,
} from '../../../shared/client/users.ts';
import type { CredentialView, PersonView, Role } from '../../../shared/protocol/account.ts';
import { notifyUndo } from '../../kit/notify.tsx';
import { http } from '../../kit/remote/api.ts';
import { useAct } from '../../kit/remote/use-act.ts';
import { keys } from '../remote/keys.ts';
import { words } from './words.ts';

type Change = { role: Role } | { serviceClass: string | null } | { disabled: boolean };

const doneWords = (name: string, change: Change): string => {
	if ('role' in change) return words.roleChanged(name, change.role);
	if ('serviceClass' in change) return words.classChanged(name, change.serviceClass);
	return change.disabled ? words.disabled(name) : words.enabled(name);
};

/** What takes a change back; what it ended stays ended. */
const backOf = (person: PersonView, change: Change): Change => {
	if ('role' in change) return { role: person.role };
	if ('serviceClass' in change) return { serviceClass: person.serviceClass };
	return { disabled: person.disabled };
};

/** Role, class and state: each can be taken back for a while. */
export const usePersonChange = (person: PersonView) => {
	const back = useAct({
		key: keys.people,
		failed: words.notChanged,
		act: (change: Change) => changeUser(http, person.id, change),
	});
	return useAct({
		key: keys.people,
		failed: words.notChanged,
		act: async (change: Change) => {
			await changeUser(http, person.id, change);
			return change;
		},
		onDone: (change) => notifyUndo(doneWords(person.username, change), () => back.mutate(backOf(person, change))),
	});
};

export const usePasswordLinkAct = ({ id }: PersonView) =>
	useAct({ key: keys.people, failed: words.noLink, act: () => makePasswordLink(http, id) });

/** Ends what somebody is let in by: for good, so it is not asked twice and not undone. */
export const useEndAccess = ({ id }: PersonView) => ({
	session: useAct({
		key: keys.person(id),
		done: words.sessionEnded,
		failed: words.notEnded,
		act: (session: string) => endUserSession(http, id, session),
	}),
	credential: useAct({
		key: keys.person(id),
		done: words.revoked,
		failed: words.notEnded,
		act: async (credential: CredentialView) => {
			await revokeUserCredential(http, id, credential.id);
			return credential.name;
		},
	}),
	all: useAct({
		key: keys.person(id),
		done: ({ sessions, credentials }) => words.shutOutDone(sessions, credentials),
		failed: words.shutOutFailed,
		act: () => shutUserOut(http, id),
	}),
});

/** Into a group, or out of it; taken back for a while. */
export const useMembership = ({ id }: PersonView) => {
	const set = async ({ group, isIn }: { group: { id: string; name: string }; isIn: boolean }) => {
		await (isIn ? addGroupMember : removeGroupMember)(http, group.id, id);
		return { group, isIn };
	};
	const back = useAct({ key: keys.person(id), failed: words.notMoved, act: set });
	return useAct({
		key: keys.person(id),
		failed: words.notMoved,
		act: set,
		onDone: ({ group, isIn }) =>
			notifyUndo(isIn ? words.joined(group.name) : words.left(group.name), () => back.mutate({ group, isIn: !isIn })),
	});
};
