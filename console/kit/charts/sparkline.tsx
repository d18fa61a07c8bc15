import { sparkPoints } from './spark-points.ts';
import classes from './sparkline.module.css';

const WIDTH = 80;
const HEIGHT = 22;

/** A line that shows how something went, beside the number that it leads to; `summary` says it in words. */
export const Sparkline = ({ values, summary }: { values: readonly number[]; summary: string }) => (
	<svg className={classes.spark} width={WIDTH} height={HEIGHT} role="img" aria-label={summary}>
		<title>{summary}</title>
		<polyline points={sparkPoints(values, WIDTH, HEIGHT)} fill="none" strokeWidth={1.5} stroke="currentColor" />
	</svg>
);
