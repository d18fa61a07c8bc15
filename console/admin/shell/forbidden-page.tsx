import { Button } from '@mantine/core';
import { useMe } from '../../kit/session/session.tsx';
import { useSignOut } from '../../kit/session/use-sign-out.ts';
import { EmptyState } from '../../kit/states.tsx';
import { useTitle } from '../../kit/use-title.ts';
import { words } from './words.ts';

/** For who is signed in and may not be here; the server refuses them everything of it anyway. */
export const ForbiddenPage = () => {
	useTitle(words.notForYou);
	const me = useMe();
	const leave = useSignOut();
	return (
		<main>
			<EmptyState
				isPage
				icon="ban"
				title={words.onlyOperators}
				actions={
					<>
						<Button component="a" href="/">
							{words.toFiles}
						</Button>
						<Button variant="default" loading={leave.isPending} onClick={() => leave.mutate()}>
							{words.signInElse}
						</Button>
					</>
				}
			>
				{words.whoYouAre(me.username, me.role)}
			</EmptyState>
		</main>
	);
};
