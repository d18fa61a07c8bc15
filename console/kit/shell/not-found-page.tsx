import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { EmptyState } from '../states.tsx';
import { useTitle } from '../use-title.ts';

/** For an address that leads nowhere. */
export const NotFoundPage = ({ home }: { home: { to: string; word: string } }) => {
	useTitle('Not found');
	return (
		<EmptyState
			isPage
			icon="search"
			title="There is no such page"
			actions={
				<Button component={Link} to={home.to}>
					{home.word}
				</Button>
			}
		>
			The address may be mistyped, or from another version of Millrace.
		</EmptyState>
	);
};
