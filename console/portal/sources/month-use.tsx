import { Progress } from '@mantine/core';
import type { SourceView } from '../../../shared/protocol/source.ts';
import { shareOfMonth, useWords } from './source-words.ts';
import classes from './sources.module.css';

/** What the month has brought, as words and as a small bar beside what it may bring. */
export const MonthUse = ({ source }: { source: SourceView }) => {
	const share = shareOfMonth(source.use, source);
	const words = useWords(source.use, source);
	return (
		<div className={classes.use}>
			<span>{words}</span>
			{share !== null && (
				<Progress
					size={6}
					value={share * 100}
					color={share >= 1 ? 'orange' : 'indigo'}
					aria-label={`${source.name}: how much of the month is taken`}
				/>
			)}
		</div>
	);
};
