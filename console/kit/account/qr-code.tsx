import { encode } from 'uqr';
import classes from './account.module.css';

/** The quiet zone that readers need around it. */
const BORDER = 4;

/** A text as a picture to scan: dark on white in either colour scheme, as not every reader knows the other way round. */
export const QrCode = ({ text, label }: { text: string; label: string }) => {
	const { size, data } = encode(text, { border: BORDER });
	const path = data.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
	return (
		<svg
			className={classes.qr}
			viewBox={`0 0 ${size} ${size}`}
			role="img"
			aria-label={label}
			shapeRendering="crispEdges"
		>
			<rect width={size} height={size} fill="#fff" />
			<path d={path} fill="#000" />
		</svg>
	);
};
