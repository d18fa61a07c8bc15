import { CopyButton } from '../../kit/copy-button.tsx';
import classes from './settings.module.css';
import { words } from './words.ts';

/** A command to be copied. */
export const CommandLine = ({ text }: { text: string }) => (
	<span className={classes.command}>
		<code>{text}</code>
		<CopyButton text={text} what={words.asCommand} />
	</span>
);
