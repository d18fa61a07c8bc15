import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { EmptyState } from '../../kit/states.tsx';
import { useTitle } from '../../kit/use-title.ts';

/** For an address that leads nowhere. */
export const NotFoundPage = () => {
	useTitle('Not found');
	return (
		<EmptyState
			isPage
			icon="search"
			title="There is no such page"
			actions={
				<Button component={Link} to="/files">
					To the files
				</Button>
			}
		>
			The address may be mistyped, or from another version of Millrace.
		</EmptyState>
	);
};
