import { useLayoutEffect, useRef } from 'react';
import classes from './settings.module.css';
import { logWords } from './words.ts';

/** How far from its end somebody may be who still reads the newest. */
const NEAR_PX = 40;

/** The lines in a box of their own; its end stays in view unless somebody has gone back to read. */
export const LogLines = ({ lines, follows }: { lines: readonly string[]; follows: boolean }) => {
	const box = useRef<HTMLElement>(null);
	const isAtEnd = useRef(true);
	// biome-ignore lint/correctness/useExhaustiveDependencies: it moves when there are other lines
	useLayoutEffect(() => {
		if (box.current !== null && follows && isAtEnd.current) box.current.scrollTop = box.current.scrollHeight;
	}, [lines.length, lines.at(-1), follows]);
	return (
		<section
			ref={box}
			className={classes.lines}
			// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
			tabIndex={0}
			aria-label={logWords.linesLabel}
			onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
				isAtEnd.current = scrollHeight - scrollTop - clientHeight < NEAR_PX;
			}}
		>
			<pre>{lines.join('\n')}</pre>
		</section>
	);
};
