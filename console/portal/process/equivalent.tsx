import { CopyButton } from '../../kit/copy-button.tsx';
import { formatCount } from '../../kit/format.ts';
import { MOST_NAMED } from './equivalents.ts';
import classes from './process.module.css';

const Code = ({ title, text, what }: { title: string; text: string; what: string }) => (
	<div className={classes.equivalent}>
		<div>
			<h3>{title}</h3>
			<CopyButton text={text} what={what} />
		</div>
		{/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
		<section className={classes.code} tabIndex={0} aria-label={title}>
			<code>{text}</code>
		</section>
	</div>
);

interface EquivalentProps {
	/** Null: the command line cannot say it. */
	command: string | null;
	call: string;
	/** How many files it is about; not all of them are written out. */
	files: number;
}

/** How to do the same from a script. */
export const Equivalent = ({ command, call, files }: EquivalentProps) => (
	<details className={classes.equivalents}>
		<summary>The same from a script</summary>
		{files > MOST_NAMED && (
			<p className={classes.note}>
				Written out for the first {MOST_NAMED} of {formatCount(files)} files.
			</p>
		)}
		{command === null ? (
			<p className={classes.note}>The command line has no command for just this; the API call says it.</p>
		) : (
			<Code title="Command line" text={command} what="the command" />
		)}
		<Code title="HTTP API" text={call} what="the API call" />
	</details>
);
