import type { HealthView } from '../../../shared/protocol/health.ts';
import { plural } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import { RelativeTime } from '../../kit/time.tsx';
import classes from './overview.module.css';

/** What is wrong, the worst first, each with what to do about it. */
export const ProblemList = ({ health }: { health: HealthView }) => {
	const problems = health.checks
		.filter(({ state }) => state === 'fail' || state === 'warn')
		.sort((a, b) => Number(a.state === 'warn') - Number(b.state === 'warn'));
	if (problems.length === 0) {
		return (
			<p className={classes.well} role="status">
				<Icon name="circleCheck" /> All {plural(health.checks.length, 'check')} are well.
			</p>
		);
	}
	return (
		<section className={classes.problems} aria-label="Problems">
			<h2>{plural(problems.length, 'problem')}</h2>
			<ul>
				{problems.map((check) => (
					<li key={check.name} data-state={check.state}>
						<Icon name="alert" />
						<div>
							<strong>{check.what}</strong>
							{check.do && <p>{check.do}</p>}
						</div>
						<span className={classes.since}>
							since <RelativeTime at={check.since} />
						</span>
					</li>
				))}
			</ul>
		</section>
	);
};
