import { Button } from '@mantine/core';
import { useMe } from '../../kit/session/session.tsx';
import { useSignOut } from '../../kit/session/use-sign-out.ts';
import { EmptyState } from '../../kit/states.tsx';
import { useTitle } from '../../kit/use-title.ts';

/** For who is signed in and may not be here; the server refuses them everything of it anyway. */
export const ForbiddenPage = () => {
	useTitle('Not for you');
	const me = useMe();
	const leave = useSignOut();
	return (
		<main>
			<EmptyState
				isPage
				icon="ban"
				title="403: the console is for operators and administrators"
				actions={
					<>
						<Button component="a" href="/">
							To your files
						</Button>
						<Button variant="default" loading={leave.isPending} onClick={() => leave.mutate()}>
							Sign in as somebody else
						</Button>
					</>
				}
			>
				You are signed in as {me.username}, whose role is {me.role}. An administrator can give you another role.
			</EmptyState>
		</main>
	);
};
