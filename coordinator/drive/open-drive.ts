import type { Ledger } from '../database/ledger.ts';
import type { Datasets } from '../datasets/datasets.ts';
import type { ContentReader } from '../files/content-reader.ts';
import type { Files } from '../files/files.ts';
import type { Uploads } from '../jobs/uploads.ts';
import type { TaskReader } from '../queue/task-reader.ts';
import type { TriggerBooks } from '../recipes/trigger-book.ts';
import { CopyOut } from './copy-out.ts';
import { DatasetArea } from './dataset-area.ts';
import { Drive } from './drive.ts';
import { InboxArea } from './inbox-area.ts';
import { OwnArea } from './own-area.ts';
import { StatusFiles } from './status-files.ts';
import { TopArea } from './top-area.ts';

/** Builds the drive's room. */
export const openDrive = (parts: {
	ledger: Ledger;
	files: Files;
	datasets: Datasets;
	/** Of files and datasets. */
	contents: ContentReader;
	uploads: Uploads;
	books: TriggerBooks;
	reader: TaskReader;
}): Drive => {
	const { ledger, files, datasets, contents, uploads, books, reader } = parts;
	const statuses = new StatusFiles({
		ledger,
		readTask: (id) => reader.read(id),
	});
	const own = new OwnArea({ ledger });
	const beginBook = (ownerSeq: number) => books.of(ownerSeq);
	return new Drive({
		...{ ledger, files, contents },
		areas: {
			top: new TopArea({ ledger }),
			files: new InboxArea({ ledger, own, statuses, beginBook }),
			datasets: new DatasetArea({ ledger }),
		},
		uploads,
		copyOut: new CopyOut({ datasets, contents, files, uploads }),
	});
};
