import { Button } from '@mantine/core';
import { Icon } from '../../kit/icons.tsx';
import { RelativeTime } from '../../kit/time.tsx';
import classes from '../account/account.module.css';
import { CardList } from '../account/card.tsx';
import { useAppPasswords, useRevoking } from './use-app-passwords.ts';

/** The programs that can open the drive, each with its end. */
export const AppPasswordList = ({ onRevoked }: { onRevoked?(id: string): void }) => {
	const query = useAppPasswords();
	const revoking = useRevoking();
	return (
		<CardList
			query={query}
			what="your app passwords"
			none="No app passwords yet."
			row={({ id, name, access, createdAt, lastUsedAt }) => (
				<div className={classes.row}>
					<span className={classes.rowIcon}>
						<Icon name="drive" size={19} />
					</span>
					<div className={classes.words}>
						<strong>{name}</strong>
						<span>
							{access === 'read-only' ? 'read-only · ' : ''}made <RelativeTime at={createdAt} /> ·{' '}
							{lastUsedAt ? 'used ' : 'never used'}
							{lastUsedAt && <RelativeTime at={lastUsedAt} />}
						</span>
					</div>
					<Button variant="default" size="sm" onClick={() => revoking.mutate(id, { onSuccess: () => onRevoked?.(id) })}>
						Revoke<span className="millrace-off-screen"> the app password {name}</span>
					</Button>
				</div>
			)}
		/>
	);
};
