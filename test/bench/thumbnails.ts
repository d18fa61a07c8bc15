import { availableParallelism } from 'node:os';
import sharp from 'sharp';
import { makeJpeg, withComment } from '../support/make-images.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { waitFor } from '../support/wait-for.ts';
import { BenchSystem } from './bench-system.ts';
import { type Benchmark, type Figure, median } from './figure.ts';
import { inLanes } from './submit-noops.ts';

/** Pictures that were drawn; the rest are the same ones with other bytes. */
const DRAWN = 4;
const CORES = availableParallelism();

const makePictures = async (count: number, megapixels: number): Promise<(i: number) => Buffer> => {
	const random = new SeededRandom(1);
	const drawn: Buffer[] = [];
	for (let i = 0; i < Math.min(DRAWN, count); i++) drawn.push(await makeJpeg(random, { megapixels }));
	return (i) => withComment(drawn[i % drawn.length] as Buffer, `picture ${i}`);
};

const directSharp = async (picture: (i: number) => Buffer, count: number): Promise<number> => {
	const threads = sharp.concurrency();
	sharp.concurrency(1);
	const startedAt = performance.now();
	await inLanes(count, CORES, async (i) => {
		await sharp(picture(i)).rotate().resize(120, 210, { fit: 'inside', withoutEnlargement: true }).jpeg().toBuffer();
	});
	const rate = count / ((performance.now() - startedAt) / 1000);
	sharp.concurrency(threads);
	return rate;
};

const hasThumbnail = async (system: BenchSystem, id: string): Promise<boolean> =>
	(await system.api.get<{ thumbnail: unknown }>(`/files/${id}`)).thumbnail !== null;

/** Pictures in at the door, thumbnails there; against sharp alone on the same cores. */
export const thumbnails: Benchmark = {
	name: 'thumbnails',
	title: '500 JPEGs of 12 megapixels, upload to thumbnail',
	async run({ scale }): Promise<Figure[]> {
		const count = Math.round(500 * scale);
		const picture = await makePictures(count, 12);
		await using system = await BenchSystem.start();
		await system.addAgent({ concurrency: CORES, queues: ['normal'] });

		const idle: number[] = [];
		const small = await makePictures(1, 3);
		for (let i = 0; i < 8; i++) {
			const sentAt = performance.now();
			const { file } = await system.api.upload(`/idle/${i}.jpg`, small(i));
			await waitFor('the thumbnail', () => hasThumbnail(system, file.id));
			if (i > 2) idle.push(performance.now() - sentAt);
		}

		const ids: string[] = [];
		let tasks = 0;
		const before = await system.finished();
		const startedAt = performance.now();
		await inLanes(count, 4, async (i) => {
			const answer = await system.api.upload(`/many/${i}.jpg`, picture(i));
			ids.push(answer.file.id);
			tasks += answer.tasks.length;
		});
		await system.untilFinished(before + tasks);
		const rate = count / ((performance.now() - startedAt) / 1000);
		for (const id of ids) if (!(await hasThumbnail(system, id))) throw new Error(`${id} has no thumbnail`);

		const direct = await directSharp(picture, count);
		return [
			{ what: 'JPEGs of 12 MP, upload to thumbnail', unit: '/s', value: rate },
			{ what: 'sharp alone, same cores', unit: '/s', value: direct },
			{ what: 'the first over the second', unit: '', value: rate / direct, bar: { least: 0.85 } },
			{ what: 'idle: upload of 3 MP to thumbnail there', unit: 'ms', value: median(idle), bar: { most: 1_000 } },
		];
	},
};
