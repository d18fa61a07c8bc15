import type { Role } from '../../../shared/protocol/account.ts';
import { catalogue } from '../../kit/words.ts';

const ROLE_WORDS: Record<Role, string> = {
	user: 'Users',
	operator: 'Operators',
	administrator: 'Administrators',
};

export const words = catalogue('own-account', {
	title: 'Account',
	lead: (username: string, role: Role) => `Signed in as ${username}, ${role}.`,
	tokens: 'API tokens, app passwords and your data are on your account’s page in the portal.',
	toPortal: 'Open it',
	group: 'Account',
	ruleTitle: 'Who needs a second factor',
	ruleLead: 'Sessions of these roles can only set one up until there is one. API tokens go on.',
	ruleWhat: 'the rule',
	role: (role: Role) => ROLE_WORDS[role],
	ruleSaved: 'The rule has changed',
	ruleFailed: 'The rule has not changed',
});
