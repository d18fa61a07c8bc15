import { fileContentUrl } from '../../../shared/client/files.ts';
import type { FileDetail } from '../../../shared/protocol/file.ts';
import { Icon } from '../../kit/icons.tsx';
import { Picture } from '../../kit/picture.tsx';
import { http } from '../../kit/remote/api.ts';
import classes from './details-drawer.module.css';
import { dimensionsOf, isPreviewable } from './file-facts.ts';

/** Above this the thumbnail must do: nobody waits for 100 MB to look at a picture in a drawer. */
const MOST_BYTES = 30_000_000;

/** The picture itself where that is sensible, its thumbnail otherwise; nothing for what is no picture. */
export const FilePreview = ({ file }: { file: FileDetail }) => {
	const whole = isPreviewable(file.facts) && file.size <= MOST_BYTES;
	const url = whole ? `${fileContentUrl(http, file.id, file.version)}&inline=true` : (file.thumbnail?.url ?? null);
	const none = (
		<div className={classes.noPreview}>
			<Icon name="file" size={34} />
		</div>
	);
	if (url === null) return none;
	const size = dimensionsOf(file.facts);
	return (
		<Picture
			className={classes.preview}
			src={url}
			alt={size ? `Preview of ${file.name}, ${size} pixels` : `Preview of ${file.name}`}
			otherwise={none}
		/>
	);
};
