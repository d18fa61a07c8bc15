import { Checkbox, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { readSecondFactorRule, setSecondFactorRule } from '../../../shared/client/second-factor.ts';
import { ROLES, type Role } from '../../../shared/protocol/account.ts';
import classes from '../../kit/account/account.module.css';
import { Card } from '../../kit/account/card.tsx';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { useAct } from '../../kit/remote/use-act.ts';
import { LoadingState } from '../../kit/states.tsx';
import { keys } from '../remote/keys.ts';
import { words } from './account-words.ts';

/** Which roles need a second factor; each tick counts at once. */
export const SecondFactorRuleCard = () => {
	const query = useQuery({
		queryKey: keys.secondFactorRule,
		queryFn: ({ signal }) => readSecondFactorRule(http, { signal }),
	});
	const set = useAct({
		act: (roles: readonly Role[]) => setSecondFactorRule(http, { roles: [...roles] }),
		key: keys.secondFactorRule,
		done: words.ruleSaved,
		failed: words.ruleFailed,
	});
	// What was asked for is shown until it is read again.
	const roles = set.isPending ? set.variables : query.data?.roles;
	return (
		<Card title={words.ruleTitle} lead={words.ruleLead}>
			{roles === undefined ? (
				query.error ? (
					<p className={classes.error} role="alert">
						{errorText(query.error)}
					</p>
				) : (
					<LoadingState what={words.ruleWhat} rows={2} />
				)
			) : (
				<Stack gap="xs">
					{ROLES.map((role) => (
						<Checkbox
							key={role}
							label={words.role(role)}
							checked={roles.includes(role)}
							disabled={set.isPending}
							onChange={({ currentTarget: { checked } }) =>
								set.mutate(checked ? [...roles, role] : roles.filter((one) => one !== role))
							}
						/>
					))}
				</Stack>
			)}
		</Card>
	);
};
