import { request } from 'undici';
import { DriveClient } from '../support/drive-client.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { BenchSystem } from './bench-system.ts';
import type { Benchmark, Figure } from './figure.ts';
import { inLanes } from './submit-noops.ts';
import { MIB } from './whole-files.ts';

const FOLDERS = 5;

/** Brings a folder home as one zip and throws it away. */
const download = async (system: BenchSystem): Promise<{ bytes: number; firstByteMs: number; seconds: number }> => {
	const startedAt = performance.now();
	const answer = await request(`${system.coordinator.url}/api/v1/archive?folder=/all`, {
		headers: { authorization: system.authorization },
		headersTimeout: 0,
		bodyTimeout: 0,
	});
	if (answer.statusCode !== 200) throw new Error(`GET archive: ${answer.statusCode} ${await answer.body.text()}`);
	let bytes = 0;
	let firstByteAt = 0;
	for await (const piece of answer.body) {
		firstByteAt ||= performance.now();
		bytes += (piece as Buffer).length;
	}
	return { bytes, firstByteMs: firstByteAt - startedAt, seconds: (performance.now() - startedAt) / 1000 };
};

/** A folder of ten thousand files as one zip. Five names share a content, so that the disk need not hold it five times. */
export const archive: Benchmark = {
	name: 'archive',
	title: 'a folder of 10,000 files of 1 MiB as a zip',
	async run({ scale }): Promise<Figure[]> {
		const count = Math.max(1, Math.round((10_000 / FOLDERS) * scale));
		const block = new SeededRandom(1).bytes(MIB);
		await using system = await BenchSystem.start();
		// Nothing is to be done to them.
		const { items } = await system.api.get<{ items: { id: string }[] }>('/triggers');
		for (const { id } of items) await system.api.json('DELETE', `/triggers/${id}`);
		await inLanes(count, 4, async (i) => {
			const content = Buffer.from(block);
			content.writeUInt32LE(i, 0);
			await system.api.upload(`/all/0/${i}.bin`, content);
		});
		const drive = await DriveClient.open(system.api, 'admin');
		for (let i = 1; i < FOLDERS; i += 1) {
			const destination = drive.at(`/files/all/${i}`);
			const status = await drive.status('COPY', '/files/all/0/', null, { destination });
			if (status !== 201) throw new Error(`COPY: ${status}`);
		}
		const before = system.memory();
		let most = before;
		const timer = setInterval(() => {
			most = Math.max(most, system.memory());
		}, 20);
		const { bytes, firstByteMs, seconds } = await download(system);
		clearInterval(timer);
		return [
			{ what: 'zip', unit: 'MB/s', value: bytes / 1e6 / seconds, bar: { least: 200 } },
			{ what: 'first byte', unit: 'ms', value: firstByteMs, bar: { most: 1_000 } },
			{ what: 'coordinator’s memory grows by', unit: 'MB', value: (most - before) / 1e6, bar: { most: 50 } },
		];
	},
};
