import { createHmac } from 'node:crypto';
import sharp from 'sharp';
import { expect } from 'vitest';
import { fromBufferPromise } from 'yauzl';
import type { FileDetail } from '../../shared/protocol/file.ts';
import type { JobView } from '../../shared/protocol/job.ts';
import type { ProvenanceView } from '../../shared/protocol/provenance.ts';
import type { RecipeView } from '../../shared/protocol/recipe.ts';
import type { SourceItem, SourceView } from '../../shared/protocol/source.ts';
import type { Api } from '../support/api.ts';
import type { LiveFeed } from '../support/live-feed.ts';
import { makeJpeg } from '../support/make-images.ts';
import type { SeededRandom } from '../support/seeded-random.ts';
import { waitFor } from '../support/wait-for.ts';
import type { WebStandIn } from '../support/web-stand-in.ts';
import type { XStandIn } from '../support/x-stand-in.ts';

/** Those who take part in what is done to data by itself: who owns it, and who is outside. */
export interface ProcessingCast {
	anna: Api;
	feed: LiveFeed;
	random: SeededRandom;
	x: XStandIn;
	web: WebStandIn;
}

const folderOf = async (api: Api, folder: string): Promise<string[]> => {
	const { items } = await api.get<{ items: { name: string }[] }>(`/files?folder=${folder}`);
	return items.map(({ name }) => name);
};

/** A recipe of her own on a folder: what is put there is made small elsewhere, once, and the small ones are left alone. */
export const aRecipeRunsOnUpload = async ({ anna, feed, random }: ProcessingCast): Promise<RecipeView> => {
	const basics = await anna.get<{ items: RecipeView[] }>('/recipes');
	expect(basics.items).toMatchObject([{ name: 'Image basics', steps: [{}, {}, { type: 'thumbnail' }] }]);
	const recipe = await anna.post<RecipeView>('/recipes', {
		name: 'Small',
		steps: [{ type: 'resize', parameters: { width: 64 }, results: { place: 'folder', folder: '/trip/small' } }],
	});
	await anna.post('/triggers', { recipe: recipe.id, folder: '/trip', mediaTypes: ['image/*'], includeResults: true });
	const { tasks } = await anna.upload('/trip/hill.jpg', await makeJpeg(random));
	expect(tasks.map(({ type }) => type).sort()).toEqual(['md5', 'mimetype', 'resize', 'thumbnail']);
	await feed.tasks(tasks.map(({ id }) => id));
	const [small = ''] = await folderOf(anna, '/trip/small');
	expect(small).toMatch(/^hill-64x\d+\.jpg$/);
	const picture = await anna.raw('GET', `/api/v1/content/trip/small/${small}`);
	expect(await sharp(picture.body).metadata()).toMatchObject({ format: 'jpeg', width: 64 });
	const { items } = await anna.get<{ items: { id: string }[] }>('/files?folder=/trip/small');
	const made = await anna.get<ProvenanceView>(`/files/${items[0]?.id}/provenance`);
	expect(made.made).toMatchObject({
		type: 'resize',
		recipe: { id: recipe.id, version: 1 },
		inputs: [{ path: '/trip/hill.jpg' }],
	});
	// It lies below the folder, and results start the trigger: only that it came of it keeps it from doing so.
	const ofResult = await waitFor('what the defaults do to the small one', async () => {
		const { tasks: about } = await anna.get<FileDetail>(`/files/${items[0]?.id}`);
		return about.length > 0 && about;
	});
	expect(ofResult.map(({ type }) => type).sort()).toEqual(['md5', 'mimetype', 'thumbnail']);
	return recipe;
};

/** A topic is pulled on a schedule, by default each day at half past seven: from where it was, nothing twice. */
export const aTopicIsGathered = async ({ anna, x }: ProcessingCast): Promise<void> => {
	const { id: bearerToken } = await anna.post<{ id: string }>('/secrets', { name: 'X', value: 'a-token-of-annas' });
	x.posts = [1n, 2n, 3n];
	const source = await anna.post<SourceView>('/sources', {
		...{ name: 'mills', type: 'x-topic', parameters: { topic: 'mills' }, secrets: { bearerToken } },
		schedule: { timeZone: 'Europe/London' },
	});
	const [schedule] = source.schedules;
	expect(schedule?.sentence).toBe('every day at 07:30, Europe/London');
	const run = async (version: number) => {
		await anna.post(`/schedules/${schedule?.id}:run`);
		return waitFor(`version ${version} of the items`, async () => {
			const now = await anna.get<SourceView>(`/sources/${source.id}`);
			return now.dataset.version === version && now.lastRun?.state === 'done' && now;
		});
	};
	await run(1);
	x.posts.push(4n, 5n);
	expect(await run(2)).toMatchObject({ state: 'active', use: { items: 5 } });
	const { items } = await anna.get<{ items: SourceItem[] }>(`/sources/${source.id}/items`);
	expect(items.map(({ key }) => key)).toEqual(['5', '4', '3', '2', '1']);
	expect(x.asked.every(({ authorization }) => authorization === 'Bearer a-token-of-annas')).toBe(true);
};

/** Of the files in it. */
const namesIn = async (zip: Buffer): Promise<string[]> => {
	const names: string[] = [];
	for await (const { fileName } of (await fromBufferPromise(zip)).eachEntry()) {
		if (!fileName.endsWith('/')) names.push(fileName);
	}
	return names;
};

/** The recipe over a folder that is there already: its end is told to a webhook, and its results come as one archive. */
export const resultsAreDownloaded = async (cast: ProcessingCast, recipe: RecipeView): Promise<void> => {
	const { anna, web } = cast;
	const told: { headers: Record<string, unknown>; body: string }[] = [];
	web.answers.set('/hook', (request, response) => {
		let body = '';
		request.setEncoding('utf8').on('data', (piece) => {
			body += piece;
		});
		request.on('end', () => {
			told.push({ headers: request.headers, body });
			response.writeHead(204).end();
		});
	});
	const { key } = await anna.post<{ key: string }>('/webhooks', {
		name: 'anna',
		url: web.at('/hook'),
		events: ['job-done'],
	});
	const { id } = await anna.post<{ id: string }>('/jobs', { recipe: recipe.id, over: { folder: '/holiday' } });
	const job = await waitFor('the end of the job', async () => {
		const now = await anna.get<JobView>(`/jobs/${id}`);
		return now.finishedAt !== null && now;
	});
	expect(job).toMatchObject({ state: 'done', tasks: { total: 2, succeeded: 2 } });
	const [{ headers, body }] = (await waitFor('the webhook', () => told.length > 0 && told)) as [(typeof told)[0]];
	const [, seconds, signature] = /^t=(\d+),v1=(\w+)$/.exec(String(headers['millrace-signature'])) ?? [];
	expect(signature).toBe(createHmac('sha256', key).update(`${seconds}.${body}`).digest('hex'));
	expect(JSON.parse(body)).toMatchObject({ event: 'job-done', subject: { id } });
	const archive = await anna.raw('GET', `/api/v1/archive?job=${id}`);
	expect(archive.status).toBe(200);
	const names = await namesIn(archive.body);
	expect(names.map((name) => name.replace(/.*\//, '').replace(/x\d+\.jpg$/, '')).sort()).toEqual([
		'beach-64',
		'dunes-64',
	]);
};
