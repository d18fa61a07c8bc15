import type { FolderEntry } from '../../../shared/protocol/file.ts';
import { Icon } from '../../kit/icons.tsx';
import { mimetypeOf } from './file-facts.ts';
import classes from './files.module.css';

/** A file's thumbnail as soon as there is one, otherwise what kind of thing it is. */
export const EntryIcon = ({ entry }: { entry: FolderEntry }) => {
	if (entry.kind === 'folder') {
		return (
			<span className={classes.icon} data-folder>
				<Icon name="folder" size={22} />
			</span>
		);
	}
	if (entry.thumbnail !== null) {
		return <img className={classes.thumbnail} src={entry.thumbnail.url} alt="" loading="lazy" decoding="async" />;
	}
	const isImage = mimetypeOf(entry.facts)?.startsWith('image/') ?? false;
	return (
		<span className={classes.icon}>
			<Icon name={isImage ? 'image' : 'file'} size={22} />
		</span>
	);
};
