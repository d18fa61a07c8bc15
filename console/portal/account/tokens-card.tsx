import { Button, Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { deleteToken, listTokens } from '../../../shared/client/tokens.ts';
import classes from '../../kit/account/account.module.css';
import { Card, CardList } from '../../kit/account/card.tsx';
import { useEnding } from '../../kit/account/use-ending.ts';
import { Icon } from '../../kit/icons.tsx';
import { http } from '../../kit/remote/api.ts';
import { RelativeTime } from '../../kit/time.tsx';
import { keys } from '../remote/keys.ts';
import { NewTokenForm } from './new-token-form.tsx';

/** Secrets for scripts and the command line. */
export const TokensCard = () => {
	const [making, dialog] = useDisclosure(false);
	const query = useQuery({ queryKey: keys.tokens, queryFn: ({ signal }) => listTokens(http, { signal }) });
	const ending = useEnding<{ id: string; name: string }>({
		key: keys.tokens,
		done: ({ name }) => `The token ${name} is deleted`,
		end: ({ id }) => deleteToken(http, id),
	});
	return (
		<Card
			title="API tokens"
			lead="For scripts and the command line; each may do only what its scopes say."
			act={
				<Button variant="default" leftSection={<Icon name="plus" size={16} />} onClick={dialog.open}>
					New token
				</Button>
			}
		>
			<CardList
				query={query}
				what="your tokens"
				none="No tokens yet."
				row={(token) => (
					<div className={classes.row}>
						<span className={classes.rowIcon}>
							<Icon name="key" size={19} />
						</span>
						<div className={classes.words}>
							<strong>{token.name}</strong>
							<span>
								{token.scopes.join(', ')} · {token.lastUsedAt ? 'used ' : 'never used'}
								{token.lastUsedAt && <RelativeTime at={token.lastUsedAt} />} ·{' '}
								{token.expiresAt ? 'ends ' : 'never ends'}
								{token.expiresAt && <RelativeTime at={token.expiresAt} />}
							</span>
						</div>
						<Button variant="default" size="sm" onClick={() => ending.mutate(token)}>
							Delete<span className="millrace-off-screen"> the token {token.name}</span>
						</Button>
					</div>
				)}
			/>
			<Modal opened={making} onClose={dialog.close} title="New API token">
				<NewTokenForm onClose={dialog.close} />
			</Modal>
		</Card>
	);
};
