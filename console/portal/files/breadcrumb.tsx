import { Link } from 'react-router';
import { Icon } from '../../kit/icons.tsx';
import classes from './files.module.css';
import { stepsTo, urlOfFolder } from './folder-url.ts';

/** The way to this folder; each step is a link, the last is where one is. */
export const Breadcrumb = ({ folder }: { folder: string }) => {
	const steps = [{ name: 'Files', path: '/' }, ...stepsTo(folder)];
	return (
		<nav aria-label="Folder">
			<ol className={classes.breadcrumb}>
				{steps.map(({ name, path }, at) => (
					<li key={path}>
						{at > 0 && <Icon name="chevronRight" size={16} />}
						{at === steps.length - 1 ? (
							<h1 aria-current="page">{name}</h1>
						) : (
							<Link to={urlOfFolder(path)} data-drop-folder={path}>
								{name}
							</Link>
						)}
					</li>
				))}
			</ol>
		</nav>
	);
};
