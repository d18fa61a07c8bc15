import { Link } from 'react-router';
import type { HealthCheck } from '../../../shared/protocol/health.ts';
import { Icon } from '../../kit/icons.tsx';
import { RelativeTime } from '../../kit/time.tsx';
import { FixButton } from './fix-button.tsx';
import type { Problem } from './fixes.ts';
import classes from './overview.module.css';
import { words } from './words.ts';

/** What is wrong, the worst first, each with what to do about it. */
export const ProblemList = ({ problems, checks }: { problems: readonly Problem[]; checks: readonly HealthCheck[] }) => {
	if (problems.length === 0) {
		const off = checks.filter(({ state }) => state === 'off').length;
		return (
			<p className={classes.well} role="status">
				<Icon name="circleCheck" /> {words.allWell(checks.length - off)}{' '}
				{off > 0 && <Link to="/health">{words.notSetUp(off)}</Link>}
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
