import classes from './accounting.module.css';

/** A share as a bar beside its number: the number says it, the bar is for the eye. */
export const Bar = ({ share, color = 'brand' }: { share: number; color?: 'brand' | 'orange' | 'red' }) => (
	<span className={classes.bar} data-color={color} aria-hidden="true">
		<span style={{ width: `${Math.min(100, Math.max(0, share * 100))}%` }} />
	</span>
);
