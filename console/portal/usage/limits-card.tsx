import { Progress } from '@mantine/core';
import { formatPercent } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import pageClasses from '../shell/page.module.css';
import classes from './usage.module.css';

/** Something of which only so much may be used. */
export interface Limit {
	name: string;
	used: number;
	/** Used already, or set aside for what has begun. */
	reserved?: number;
	most: number;
	words(value: number): string;
	/** What happens at its end, or whose it is. */
	note?: string;
}

const NEARLY = 0.9;

/** How much is left of what one may use. */
export const LimitsCard = ({ limits }: { limits: readonly Limit[] }) => (
	<section className={pageClasses.card}>
		<h2>What is left</h2>
		{limits.length === 0 && <p className={pageClasses.quiet}>Nothing that you use has a limit.</p>}
		<ul className={classes.limits}>
			{limits.map((limit) => (
				<li key={limit.name}>
					<LimitLine limit={limit} />
				</li>
			))}
		</ul>
	</section>
);

const LimitLine = ({ limit }: { limit: Limit }) => {
	const { name, used, reserved = 0, most, words, note } = limit;
	const taken = used + reserved;
	const share = most === 0 ? 1 : taken / most;
	const isNear = share >= NEARLY;
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
				{reserved > 0 && `, ${words(reserved)} set aside for what runs`}
				{note !== undefined && `. ${note}`}
			</p>
		</>
	);
};
