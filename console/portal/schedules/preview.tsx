import { errorText } from '../../kit/remote/error-text.ts';
import pageClasses from '../../kit/shell/page.module.css';
import { NextRuns } from './next-runs.tsx';
import type { RuleDraft } from './rule-draft.ts';
import classes from './schedules.module.css';
import { usePreview } from './use-schedules.ts';

/** When it would run: in words, and the next three times; as the server reads it. */
export const Preview = ({ rule }: { rule: RuleDraft }) => {
	const { data, error, isMissing, isNew } = usePreview(rule);
	const told = () => {
		if (isMissing) return <p className={pageClasses.quiet}>Say when, and the next runs appear here.</p>;
		if (error && isNew) return <p className={pageClasses.fault}>{errorText(error)}</p>;
		if (data === undefined) return <p className={pageClasses.quiet}>Working out the next runs…</p>;
		return (
			<>
				<p>
					Runs <strong>{data.sentence}</strong>. The next three times:
				</p>
				<NextRuns times={data.nextRuns} timeZone={data.timeZone} />
			</>
		);
	};
	return (
		<div className={classes.preview} role="status" aria-label="Preview" data-old={!isNew || undefined}>
			{told()}
		</div>
	);
};
