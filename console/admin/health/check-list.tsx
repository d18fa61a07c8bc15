import { Button } from '@mantine/core';
import { Link } from 'react-router';
import type { CheckState, HealthCheck, HealthView } from '../../../shared/protocol/health.ts';
import { useMe } from '../../kit/session/session.tsx';
import { LookChip } from '../../kit/state-chip.tsx';
import { RelativeTime } from '../../kit/time.tsx';
import { FIXES } from './fixes.ts';
import classes from './health.module.css';
import { CHECK_LOOKS, CHECK_TITLES, words } from './words.ts';

const WORST_FIRST: readonly CheckState[] = ['fail', 'warn', 'off', 'ok'];

/** Every check, the worst first. */
export const CheckList = ({ health }: { health: HealthView }) => {
	const checks = [...health.checks].sort((a, b) => WORST_FIRST.indexOf(a.state) - WORST_FIRST.indexOf(b.state));
	const bad = checks.filter(({ state }) => state === 'fail' || state === 'warn').length;
	return (
		<>
			<p className={classes.sum} role="status" data-state={health.state}>
				{bad === 0 ? words.well(checks.length) : words.problems(bad)} {words.made} <RelativeTime at={health.at} />.
			</p>
			<ul className={classes.checks} aria-label={words.checks}>
				{checks.map((check) => (
					<Check key={check.name} check={check} />
				))}
			</ul>
		</>
	);
};

const Check = ({ check: { name, state, what, do: todo, since } }: { check: HealthCheck }) => {
	const { role } = useMe();
	const fix = FIXES[name];
	const hasFix = role === 'administrator' || fix.isForAdministrators !== true;
	return (
		<li data-check={name} data-state={state}>
			<div className={classes.state}>
				<LookChip look={CHECK_LOOKS[state]} quiet={state === 'ok'} />
			</div>
			<div className={classes.words}>
				<h3>{CHECK_TITLES[name]}</h3>
				<p>{what}</p>
				{todo !== null && <p className={classes.todo}>{todo}</p>}
			</div>
			<span className={classes.since}>
				{words.since} <RelativeTime at={since} />
			</span>
			<div className={classes.fix}>
				{hasFix && state !== 'ok' && (
					<Button component={Link} to={fix.to} size="compact-sm" variant="default">
						{fix.word}
					</Button>
				)}
			</div>
		</li>
	);
};
