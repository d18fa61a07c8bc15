import { Icon } from '../../kit/icons.tsx';
import { RelativeTime } from '../../kit/time.tsx';
import { FixButton } from './fix-button.tsx';
import type { Problem } from './fixes.ts';
import classes from './overview.module.css';
import { words } from './words.ts';

/** What is wrong, the worst first, each with what to do about it. */
export const ProblemList = ({ problems, checks }: { problems: readonly Problem[]; checks: number }) => {
	if (problems.length === 0) {
		return (
			<p className={classes.well} role="status">
				<Icon name="circleCheck" /> {words.allWell(checks)}
			</p>
		);
	}
	return (
		<section className={classes.problems} aria-label={words.problemList}>
			<h2>{words.problems(problems.length)}</h2>
			<ul>
				{problems.map((problem) => (
					<li key={problem.name} data-state={problem.state}>
						<Icon name="alert" />
						<div className={classes.problem}>
							<strong>{problem.what}</strong>
							{problem.do && <p>{problem.do}</p>}
							<div className={classes.fixes}>
								{problem.fixes.map((fix, at) => (
									<FixButton key={fix.word} fix={fix} isFirst={at === 0} />
								))}
							</div>
						</div>
						<span className={classes.since}>
							{words.since} <RelativeTime at={problem.since} />
						</span>
					</li>
				))}
			</ul>
		</section>
	);
};
