import { Link } from 'react-router';
import type { StorageView } from '../../../shared/protocol/about.ts';
import type { DamagedContent } from '../../../shared/protocol/damaged-content.ts';
import { CopyButton } from '../../kit/copy-button.tsx';
import { formatBytes, formatCount } from '../../kit/format.ts';
import page from '../../kit/shell/page.module.css';
import { DataTable } from '../../kit/table/data-table.tsx';
import type { TableColumn } from '../../kit/table/table-column.ts';
import { RelativeTime } from '../../kit/time.tsx';
import { DiskBar } from './disk-bar.tsx';
import { Read } from './read.tsx';
import classes from './settings.module.css';
import { useDamaged, useStorage } from './use-settings.ts';
import { storageWords, words } from './words.ts';

type Part = StorageView['parts'][number];
type Person = StorageView['most'][number];
type Damaged = DamagedContent['items'][number];

const PARTS: TableColumn<Part>[] = [
	{
		...{ name: 'what', head: storageWords.part },
		cell: ({ name }) => storageWords[name],
		value: ({ name }) => storageWords[name],
	},
	{
		...{ name: 'count', head: storageWords.count, isNumber: true, width: '140px' },
		cell: ({ count, more }) => (more ? storageWords.moreThan(count) : formatCount(count)),
		value: ({ count }) => count,
	},
	{
		...{ name: 'size', head: storageWords.size, isNumber: true, width: '120px' },
		cell: ({ bytes }) => formatBytes(bytes),
		value: ({ bytes }) => bytes,
	},
];

const PEOPLE: TableColumn<Person>[] = [
	{
		...{ name: 'who', head: storageWords.who },
		cell: ({ user, username }) => (
			<Link className={page.link!} to={`/users/${user}`}>
				{username}
			</Link>
		),
		value: ({ username }) => username,
	},
	{
		...{ name: 'count', head: storageWords.count, isNumber: true, width: '140px' },
		cell: ({ files }) => formatCount(files),
		value: ({ files }) => files,
	},
	{
		...{ name: 'size', head: storageWords.size, isNumber: true, width: '120px' },
		cell: ({ bytes }) => formatBytes(bytes),
		value: ({ bytes }) => bytes,
	},
];

const DAMAGED: TableColumn<Damaged>[] = [
	{
		...{ name: 'sha256', head: 'SHA-256' },
		cell: ({ sha256 }) => <span className="millrace-mono">{sha256}</span>,
		value: ({ sha256 }) => sha256,
	},
	{ name: 'fault', head: storageWords.fault, cell: ({ fault }) => fault, value: ({ fault }) => fault },
	{
		...{ name: 'found', head: storageWords.found, width: '120px' },
		cell: ({ foundAt }) => <RelativeTime at={foundAt} />,
		value: ({ foundAt }) => foundAt,
	},
	{
		...{ name: 'files', head: storageWords.inFiles },
		cell: ({ files }) => files.join(', '),
		value: ({ files }) => files.join(' '),
	},
];

/** What takes how much of the disk, and when uploads are refused. */
export const StorageTab = () => (
	<Read query={useStorage()} what={storageWords.what}>
		{(storage) => (
			<div className={classes.sections}>
				<section aria-label={storageWords.disk}>
					<h2>{storageWords.disk}</h2>
					{storage.disk === null ? (
						<p className={page.fault}>{storageWords.noDisk}</p>
					) : (
						<DiskBar disk={storage.disk} ours={storage.parts.reduce((sum, { bytes }) => sum + bytes, 0)} />
					)}
				</section>
				<section aria-label={storageWords.parts}>
					<h2>{storageWords.parts}</h2>
					<DataTable
						label={storageWords.parts}
						rows={storage.parts}
						columns={PARTS}
						keyOf={({ name }) => name}
						csvName="storage"
						tools={<CopyButton text="millrace admin storage" what={words.asCommand} />}
					/>
					<ul className={classes.notes}>
						<li>{storageWords.people(storage.people.files, storage.people.bytes)}</li>
						<li>{storageWords.datasets(storage.datasets.count, storage.datasets.bytes)}</li>
						{storage.idle.count > 0 && <li>{storageWords.idle(storage.idle.count, storage.idle.bytes)}</li>}
					</ul>
				</section>
				<section aria-label={storageWords.most}>
					<h2>{storageWords.most}</h2>
					{storage.most.length === 0 ? (
						<p className={page.quiet}>{storageWords.nobody}</p>
					) : (
						<DataTable
							label={storageWords.most}
							rows={storage.most}
							columns={PEOPLE}
							keyOf={({ user }) => user}
							sortName="most"
							csvName="storage-by-person"
						/>
					)}
				</section>
				<section aria-label={storageWords.damaged}>
					<h2>{storageWords.damaged}</h2>
					<DamagedList />
				</section>
			</div>
		)}
	</Read>
);

const DamagedList = () => (
	<Read query={useDamaged()} what={storageWords.damagedWhat}>
		{({ count, items }) =>
			count === 0 ? (
				<p className={page.quiet}>{storageWords.noneDamaged}</p>
			) : (
				<>
					<p className={page.fault}>{storageWords.damagedText(count)}</p>
					<DataTable
						label={storageWords.damaged}
						rows={items}
						columns={DAMAGED}
						keyOf={({ sha256 }) => sha256}
						sortName="damaged"
						csvName="damaged-content"
					/>
				</>
			)
		}
	</Read>
);
