import { Anchor } from '@mantine/core';
import { endOtherSessions } from '../../../shared/client/session.ts';
import classes from '../../kit/account/account.module.css';
import { SESSIONS_KEY } from '../../kit/account/account-keys.ts';
import { words as kitWords } from '../../kit/account/account-words.ts';
import { PasswordCard } from '../../kit/account/password-card.tsx';
import { SecondFactorCard } from '../../kit/account/second-factor-card.tsx';
import { SessionsCard } from '../../kit/account/sessions-card.tsx';
import { http } from '../../kit/remote/api.ts';
import { bridge } from '../../kit/remote/bridge.ts';
import { useAct } from '../../kit/remote/use-act.ts';
import { useMe } from '../../kit/session/session.tsx';
import page from '../../kit/shell/page.module.css';
import { useTitle } from '../../kit/use-title.ts';
import { useCommands } from '../palette/commands.tsx';
import { words } from './account-words.ts';
import { SecondFactorRuleCard } from './second-factor-rule-card.tsx';

/** One's own sign-in: second factor, sessions, password; and whose sign-ins need a code. */
export const AccountPage = () => {
	useTitle(words.title);
	const me = useMe();
	const { mutate: endOthers } = useAct({
		act: () => endOtherSessions(http),
		key: SESSIONS_KEY,
		done: kitWords.othersEnded,
		failed: kitWords.failed,
	});
	useCommands([
		{ id: 'end-others', word: kitWords.endOthers, group: words.group, icon: 'signOut', run: () => endOthers() },
	]);
	return (
		<>
			<div className={page.titleBar}>
				<h1 className={page.pageTitle}>{words.title}</h1>
			</div>
			<p className={page.lead}>
				{words.lead(me.username, me.role)} {words.tokens}{' '}
				<Anchor href={`${bridge.baseUrl}/account`}>{words.toPortal}</Anchor>
			</p>
			<div className={classes.cards}>
				<SecondFactorCard />
				{me.role === 'administrator' && <SecondFactorRuleCard />}
				<SessionsCard />
				<PasswordCard />
			</div>
		</>
	);
};
