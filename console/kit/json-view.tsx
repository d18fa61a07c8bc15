import type { Json } from '../../shared/protocol/json.ts';
import { CopyButton } from './copy-button.tsx';
import classes from './json-view.module.css';

/** JSON to read and to copy. Reachable by keyboard, because it may scroll. */
export const JsonView = ({ value, label }: { value: Json; label: string }) => {
	const text = JSON.stringify(value, null, 2);
	return (
		<div className={classes.frame}>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
			<section className={classes.scroll} tabIndex={0} aria-label={label}>
				<pre className={classes.text}>{text}</pre>
			</section>
			<div className={classes.copy}>
				<CopyButton text={text} what={label.toLowerCase()} />
			</div>
		</div>
	);
};
