import type { Drive } from '../../coordinator/drive/drive.ts';
import { openDrive } from '../../coordinator/drive/open-drive.ts';
import type { Asker, Place } from '../../coordinator/drive/place.ts';
import type { DriveResource, Wants } from '../../coordinator/drive/resource.ts';
import { parsePath } from '../../coordinator/files/safe-path.ts';
import { DatasetsRoom } from './datasets-room.ts';

export const ADA: Asker = { userSeq: 1, userId: 'usr_a', address: '127.0.0.1' };
export const BOB: Asker = { userSeq: 2, userId: 'usr_b', address: '127.0.0.1' };

/** `/` and `/files/a`, as below the drive's address. */
export const placeOf = (path: string): Place => {
	const [area, ...names] = parsePath(path);
	if (area === undefined) return { area: 'top' };
	if (area === 'files' || area === 'datasets') return { area, names };
	throw new Error(`${path} is in no area of the drive`);
};

/** The drive with real rooms, a real ledger and a real disk, and the people of the datasets' room. */
export class DriveRoom implements AsyncDisposable {
	readonly datasets: DatasetsRoom;
	readonly drive: Drive;

	private constructor(datasets: DatasetsRoom) {
		this.datasets = datasets;
		const { ledger, files, uploads, planning, reader } = datasets.jobs;
		this.drive = openDrive({
			...{ ledger, files, uploads, reader, books: planning.books },
			...{ datasets: datasets.datasets, contents: datasets.contents },
		});
	}

	static async open(): Promise<DriveRoom> {
		return new DriveRoom(await DatasetsRoom.open());
	}

	get jobs(): DatasetsRoom['jobs'] {
		return this.datasets.jobs;
	}

	find(path: string, asker = ADA, wants: Wants = {}): Promise<DriveResource | null> {
		return this.drive.find(asker, placeOf(path), wants);
	}

	async list(path: string, asker = ADA, wants: Wants = {}): Promise<DriveResource[]> {
		const all: DriveResource[] = [];
		for await (const page of this.drive.list(asker, placeOf(path), wants)) all.push(...page);
		return all;
	}

	/** Names, with a slash behind folders. */
	async names(path: string, asker = ADA): Promise<string[]> {
		return (await this.list(path, asker)).map(({ kind, name }) => (kind === 'folder' ? `${name}/` : name));
	}

	[Symbol.asyncDispose](): Promise<void> {
		return this.datasets[Symbol.asyncDispose]();
	}
}
