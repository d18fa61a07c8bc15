import { Progress } from '@mantine/core';
import { Link } from 'react-router';
import { formatPercent } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import pageClasses from '../../kit/shell/page.module.css';
import type { Limit } from './limits.ts';
import classes from './usage.module.css';

const NEARLY = 0.9;

/** How much is left of what one may use. */
export const LimitsCard = (props: { limits: readonly Limit[]; held: string | null; fault: string | null }) => {
	const { limits, held, fault } = props;
	return (
		<section className={pageClasses.card}>
			<h2>What is left</h2>
			{held !== null && (
				<p className={classes.held}>
					<Icon name="pause" size={16} />
					<Link className={pageClasses.link} to="/tasks?state=held">
						{held}
					</Link>
				</p>
			)}
			{limits.length === 0 && fault === null && <p className={pageClasses.quiet}>Nothing that you use has a limit.</p>}
			{fault !== null && (
				<p className={pageClasses.fault} role="alert">
					{fault}
				</p>
			)}
			<ul className={classes.limits}>
				{limits.map((limit) => (
					<li key={limit.name}>
						<LimitLine limit={limit} />
					</li>
				))}
			</ul>
		</section>
	);
};

const LimitLine = ({ limit }: { limit: Limit }) => {
	const { name, used, reserved = 0, most, words, nearAt = NEARLY, note } = limit;
	const taken = used + reserved;
	const share = most === 0 ? 1 : taken / most;
	const isNear = share >= nearAt;
	return (
		<>
			<div className={classes.limitLine}>
				<strong>{name}</strong>
				<span>
					{words(used)} of {words(most)}
				</span>
			</div>
			<Progress
				size={8}
				value={Math.min(100, share * 100)}
				color={isNear ? 'orange' : 'indigo'}
				aria-label={`${name}: ${formatPercent(share)} used`}
			/>
			<p className={pageClasses.quiet}>
				{isNear && <Icon name="alert" size={14} />}{' '}
				{share >= 1 ? 'Used up' : `${words(Math.max(0, most - taken))} left`}
				{reserved > 0 && `, ${words(reserved)} set aside for what has not ended`}
				{note === undefined ? '.' : `. ${note}`}
			</p>
		</>
	);
};
