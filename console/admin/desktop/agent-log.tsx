import { useEffect, useRef } from 'react';
import classes from './connect.module.css';
import { words } from './words.ts';

/** So near to its end somebody reads along. */
const NEAR = 40;

/** The last lines of the agent. It keeps to its end unless somebody has scrolled up. */
export const AgentLog = ({ lines }: { lines: readonly string[] }) => {
	const box = useRef<HTMLPreElement>(null);
	const isAtEnd = useRef(true);
	// biome-ignore lint/correctness/useExhaustiveDependencies: new lines are what it follows
	useEffect(() => {
		if (box.current && isAtEnd.current) box.current.scrollTop = box.current.scrollHeight;
	}, [lines]);
	return (
		<pre
			ref={box}
			className={classes.log}
			// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
			tabIndex={0}
			role="log"
			aria-label={words.log}
			onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
				isAtEnd.current = scrollHeight - scrollTop - clientHeight < NEAR;
			}}
		>
			{lines.length === 0 ? words.noLog : lines.join('\n')}
		</pre>
	);
};
