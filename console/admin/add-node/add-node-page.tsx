import { Button } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { useMe } from '../../kit/session/session.tsx';
import page from '../../kit/shell/page.module.css';
import { EmptyState } from '../../kit/states.tsx';
import { useTitle } from '../../kit/use-title.ts';
import classes from './add-node.module.css';
import { MadeCommandCards } from './made-command.tsx';
import { type MadeCommand, TokenForm } from './token-form.tsx';
import { TokenList } from './token-list.tsx';
import { words } from './words.ts';

/** One command by which a machine joins, and its greeting when it does. */
export const AddNodePage = () => {
	useTitle(words.title);
	const { role } = useMe();
	const [made, setMade] = useState<MadeCommand | null>(null);
	if (role !== 'administrator') {
		return (
			<EmptyState
				isPage
				icon="ban"
				title={words.adminsTitle}
				actions={
					<Button component={Link} to="/nodes">
						{words.toNodes}
					</Button>
				}
			>
				{words.adminsText}
			</EmptyState>
		);
	}
	return (
		<>
			<Link to="/nodes" className={page.back}>
				← {words.toNodes}
			</Link>
			<h1 className={page.pageTitle}>{words.title}</h1>
			<p className={page.lead}>{words.lead}</p>
			<div className={classes.steps}>
				{made === null ? (
					<TokenForm onMade={setMade} />
				) : (
					<MadeCommandCards key={made.tokenId} made={made} onAnother={() => setMade(null)} />
				)}
				<TokenList />
			</div>
		</>
	);
};
