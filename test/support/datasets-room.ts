import { pino } from 'pino';
import { SYSTEM } from '../../coordinator/audit/doer.ts';
import { openDatasets } from '../../coordinator/datasets/open-datasets.ts';
import { ANY_VERSION } from '../../coordinator/qos/version-condition.ts';
import type { DatasetAbout, DatasetView } from '../../shared/protocol/dataset.ts';
import { JobsRoom } from './jobs-room.ts';

type Room = ReturnType<typeof openDatasets>;

const ABOUT: DatasetAbout = { title: 'A dataset', description: '', licence: { name: '', text: null } };

/** Datasets with real rooms, a real ledger and a real disk. 1 is ada, 2 is bob, 3 is root, an administrator. */
export class DatasetsRoom implements AsyncDisposable {
	readonly jobs: JobsRoom;
	#room!: Room;

	private constructor(jobs: JobsRoom) {
		this.jobs = jobs;
	}

	static async open(): Promise<DatasetsRoom> {
		const room = new DatasetsRoom(await JobsRoom.open());
		room.jobs.db.exec(`INSERT INTO users (seq, id, username, username_key, password_hash, role, created_at)
			VALUES (3, 'usr_c', 'root', 'root', 'x', 'administrator', 1)`);
		room.reopen();
		return room;
	}

	get datasets(): Room['datasets'] {
		return this.#room.datasets;
	}

	get contents(): Room['contents'] {
		return this.#room.contents;
	}

	/** A process that is there from now on; `start` it to go on with what the last one left. */
	reopen(): void {
		const { ledger, files, folder } = this.jobs;
		const logger = pino({ level: 'silent' });
		this.#room = openDatasets({ ledger, logger, files, roots: [folder.join('roots')], maxFileBytes: 1e9 });
	}

	async start(): Promise<void> {
		await this.#room.start();
		await this.#room.publisher.settled();
	}

	settled(): Promise<void> {
		return this.#room.publisher.settled();
	}

	/** Makes a dataset of a folder of ada's and waits until it is published. */
	async publish(name: string, folder = '/', about: Partial<DatasetAbout> = {}): Promise<DatasetView> {
		await this.datasets.create(1, { name, about: { ...ABOUT, ...about }, from: { folder } }, SYSTEM);
		await this.settled();
		return this.datasets.read({ readerSeq: 1, ref: name });
	}

	async publishNext(name: string, folder = '/'): Promise<DatasetView> {
		const version = { from: { folder }, note: '' };
		await this.datasets.publish({ readerSeq: 1, ref: name }, version, { condition: ANY_VERSION, by: SYSTEM });
		await this.settled();
		return this.datasets.read({ readerSeq: 1, ref: name });
	}

	async paths(name: string, version?: number): Promise<string[]> {
		const { items } = await this.datasets.entries({ readerSeq: 1, ref: name }, { limit: 1000, version });
		return items.map(({ path }) => path);
	}

	count(sql: string): number {
		return this.jobs.count(sql);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.#room[Symbol.asyncDispose]();
		await this.jobs[Symbol.asyncDispose]();
	}
}
