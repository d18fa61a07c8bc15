import { Button } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { Link } from 'react-router';
import { Icon } from '../../kit/icons.tsx';
import pageClasses from '../../kit/shell/page.module.css';
import { triggerSentence } from '../recipes/recipe-words.ts';
import type { MadeOnUpload } from './on-upload.ts';
import classes from './process.module.css';

/** What was made, and where it is. It takes the focus: the button that made it is gone. */
export const MadeWords = ({ recipe, trigger }: MadeOnUpload) => {
	const place = useRef<HTMLElement>(null);
	useEffect(() => place.current?.focus(), []);
	return (
		<section ref={place} className={classes.made} tabIndex={-1} aria-labelledby="process-made">
			<h2 id="process-made">
				<Icon name="circleCheck" size={19} /> It starts by itself from now on
			</h2>
			<p>
				{triggerSentence(trigger)}, the recipe{' '}
				<Link className={pageClasses.link!} to={`/recipes/${recipe.id}`}>
					{recipe.name}
				</Link>{' '}
				is run on it.{' '}
				<Link className={pageClasses.link!} to={`/recipes/${recipe.id}#triggers`}>
					Its trigger
				</Link>{' '}
				is switched off and changed there, and tells what it has started.
			</p>
			<div className={pageClasses.acts}>
				<Button component={Link} to={`/recipes/${recipe.id}`}>
					To the recipe
				</Button>
				<Button component={Link} to="/files" variant="default">
					To the files
				</Button>
			</div>
		</section>
	);
};
