import { Icon } from '../../kit/icons.tsx';
import { Picture } from '../../kit/picture.tsx';
import classes from './task-page.module.css';

const PICTURE = /^image\/(jpeg|png|webp|gif|avif)$/;

const withInline = (url: string): string => `${url}${url.includes('?') ? '&' : '?'}inline=true`;

/** An output in small where it is a picture; otherwise that it is a file. */
export const OutputPicture = ({ output }: { output: { name: string; mediaType: string; url: string } }) => {
	const none = (
		<span className={classes.outputPicture}>
			<Icon name="file" size={22} />
		</span>
	);
	if (!PICTURE.test(output.mediaType)) return none;
	return (
		<Picture
			className={classes.outputPicture}
			src={withInline(output.url)}
			alt={`Output ${output.name}`}
			loading="lazy"
			decoding="async"
			otherwise={none}
		/>
	);
};
