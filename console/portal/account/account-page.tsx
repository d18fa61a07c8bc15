import classes from '../../kit/account/account.module.css';
import { PasswordCard } from '../../kit/account/password-card.tsx';
import { SecondFactorCard } from '../../kit/account/second-factor-card.tsx';
import { SessionsCard } from '../../kit/account/sessions-card.tsx';
import { useMe } from '../../kit/session/session.tsx';
import { useTitle } from '../../kit/use-title.ts';
import { AppPasswordsCard } from './app-passwords-card.tsx';
import { DataCard } from './data-card.tsx';
import { SecretsCard } from './secrets-card.tsx';
import { TokensCard } from './tokens-card.tsx';
import { WebhooksCard } from './webhooks-card.tsx';

/** Who can act as me: sessions, tokens, the password; and what tasks are entrusted with. */
export const AccountPage = () => {
	useTitle('Account');
	const me = useMe();
	return (
		<>
			<h1 className={classes.pageTitle}>Account</h1>
			<p className={classes.lead}>
				Signed in as <strong>{me.username}</strong>, {me.role}. Everything that can act in your name is on this page.
			</p>
			<div className={classes.cards}>
				<SecondFactorCard />
				<SessionsCard />
				<TokensCard />
				<AppPasswordsCard />
				<SecretsCard />
				<WebhooksCard />
				<PasswordCard />
				<DataCard />
			</div>
		</>
	);
};
