import { SeededRandom } from '../support/seeded-random.ts';
import { BenchSystem } from './bench-system.ts';
import type { Benchmark, Figure } from './figure.ts';
import { inLanes } from './submit-noops.ts';

/** Many small uploads at once, each on disk before its answer. */
export const smallFiles: Benchmark = {
	name: 'small-files',
	title: '2,000 files of 4 KiB over 8 connections',
	async run({ scale }): Promise<Figure[]> {
		const count = Math.round(2_000 * scale);
		const random = new SeededRandom(1);
		const contents = Array.from({ length: count + 50 }, () => random.bytes(4096));
		await using system = await BenchSystem.start();
		const pool = system.pool(8);
		const upload = async (i: number) => {
			const headers = { authorization: system.authorization, 'content-type': 'application/octet-stream' };
			const body = contents[i] as Buffer;
			const answer = await pool.request({ method: 'PUT', path: `/api/v1/content/small/${i}.bin`, headers, body });
			if (answer.statusCode !== 201) throw new Error(`upload ${i}: ${answer.statusCode} ${await answer.body.text()}`);
			await answer.body.dump();
		};
		await inLanes(50, 8, (i) => upload(count + i));
		const startedAt = performance.now();
		await inLanes(count, 8, upload);
		const seconds = (performance.now() - startedAt) / 1000;
		await pool.close();
		return [{ what: 'files of 4 KiB', unit: '/s', value: count / seconds, bar: { least: 600 } }];
	},
};
