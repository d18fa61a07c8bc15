import { CardList } from '../../kit/account/card.tsx';
import { AppPasswordRow } from './app-password-row.tsx';
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
			row={(password) => (
				<AppPasswordRow
					password={password}
					busy={revoking.isPending && revoking.variables.id === password.id}
					onRevoke={() => revoking.mutate(password, { onSuccess: () => onRevoked?.(password.id) })}
				/>
			)}
		/>
	);
};
