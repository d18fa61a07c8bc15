import { CopyButton } from '../../kit/copy-button.tsx';
import { formatCount } from '../../kit/format.ts';
import { asCall, asCommand, MOST_NAMED, type Wish } from './equivalents.ts';
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

/** How to do the same from a script. */
export const Equivalent = ({ wish }: { wish: Wish }) => (
	<details className={classes.equivalents}>
		<summary>The same from a script</summary>
		{wish.files.length > MOST_NAMED && (
			<p className={classes.note}>
				Written out for the first {MOST_NAMED} of {formatCount(wish.files.length)} files.
			</p>
		)}
		<Code title="Command line" text={asCommand(wish)} what="the command" />
		<Code title="HTTP API" text={asCall(wish, window.location.origin)} what="the API call" />
	</details>
);
