import type { ServiceClassSettings, ServiceClassView } from '../../../shared/protocol/service-class.ts';
import { STANDARD_CLASS } from '../../../shared/protocol/service-class.ts';
import page from '../../kit/shell/page.module.css';
import { previewRows, standingSentences } from './class-preview.ts';
import classes from './classes.module.css';
import { settingsIn } from './setting-values.ts';
import { words } from './words.ts';

interface PreviewProps {
	name: string;
	settings: ServiceClassSettings;
	/** All that there are. */
	all: readonly ServiceClassView[];
}

/** What would be in force with these settings: how the class stands, and every value, those that differ from standard first. */
export const PreviewCard = ({ name, settings, all }: PreviewProps) => {
	const standard = all.find((one) => one.name === STANDARD_CLASS);
	const rows = previewRows(settings, standard === undefined ? settings : settingsIn(standard));
	const [own, same] = [rows.filter((row) => row.standard !== null), rows.filter((row) => row.standard === null)];
	const row = ({ field, words: value, standard: there }: (typeof rows)[number]) => (
		<div key={field.path}>
			<dt>{field.label}</dt>
			<dd>
				{value}
				{there !== null && (
					<span className={classes.quiet}>
						{words.inStandard}: {there}
					</span>
				)}
			</dd>
		</div>
	);
	return (
		<section className={page.card} aria-label={words.inForce}>
			<h2>{words.inForce}</h2>
			<ul className={classes.sentences}>
				{standingSentences(name, settings, all).map((sentence) => (
					<li key={sentence}>{sentence}</li>
				))}
			</ul>
			{own.length > 0 && <dl className={classes.preview}>{own.map(row)}</dl>}
			<details className={classes.details}>
				<summary>{words.asStandard(same.length)}</summary>
				<dl className={classes.preview}>{same.map(row)}</dl>
			</details>
		</section>
	);
};
