import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allOver } from '../support/all-over.ts';
import { Api, sessionCookies } from '../support/api.ts';
import { DriveClient } from '../support/drive-client.ts';
import { lookInto } from '../support/look-into.ts';
import { makeJpeg } from '../support/make-images.ts';
import { Millrace } from '../support/millrace.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { type RunningAgent, startAgent } from '../support/start-agent.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';
import { TempFolder } from '../support/temp-folder.ts';
import { TusUpload } from '../support/tus-upload.ts';
import { waitFor } from '../support/wait-for.ts';

let coordinator: RunningCoordinator;
let agent: RunningAgent;

beforeAll(async () => {
	coordinator = await startCoordinator();
	agent = await startAgent(coordinator, { concurrency: 4 });
});
afterAll(async () => {
	await agent?.[Symbol.asyncDispose]();
	await coordinator?.[Symbol.asyncDispose]();
});

/** One person's ways of bringing a file in. */
type Bring = (path: string, content: Buffer) => Promise<void>;

const doorsOf = async (username: string, api: Api, folder: TempFolder): Promise<Record<string, Bring>> => {
	const drive = await DriveClient.open(api, username);
	const who = { username, password: `${coordinator.administrator.password} ${username}` };
	const cookies = await sessionCookies(coordinator.url, who);
	const page = {
		cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; '),
		origin: coordinator.url,
		'sec-fetch-site': 'same-origin',
	};
	const expectDone = (status: number) => expect(status).toBe(201);
	return {
		REST: async (path, content) => void (await api.upload(path, content)),
		// As the portal sends what is small: by its session.
		portal: async (path, content) =>
			expectDone((await new Api(coordinator.url).raw('PUT', `/api/v1/content${path}`, content, page)).status),
		tus: async (path, content) => {
			await (await TusUpload.create(api, { path, size: content.length })).finish(content);
		},
		CLI: async (path, content) => {
			const file = folder.join(path.split('/').at(-1) ?? '');
			await writeFile(file, content);
			await using millrace = new Millrace({ MILLRACE_URL: coordinator.url, MILLRACE_TOKEN: api.token ?? '' });
			const ran = await millrace.run(['upload', file, '--to', '/']);
			expect(ran.code, ran.stderr).toBe(0);
		},
		WebDAV: async (path, content) => expectDone(await drive.status('PUT', `/files${path}`, content)),
		// Like Finder and Windows: an empty file first, then its content, under a lock.
		'WebDAV, locked': async (path, content) => {
			const token = await drive.lock(`/files${path}`);
			const headers = { if: `(<${token}>)` };
			expect(await drive.status('PUT', `/files${path}`, content, headers)).toBeLessThan(300);
			expect(await drive.status('UNLOCK', `/files${path}`, null, { 'lock-token': `<${token}>` })).toBe(204);
		},
		// Like editors and rclone: under another name first.
		'WebDAV, renamed into place': async (path, content) => {
			expectDone(await drive.status('PUT', `/files${path}.part`, content));
			const destination = drive.at(`/files${path}`);
			expectDone(await drive.status('MOVE', `/files${path}.part`, null, { destination }));
		},
	};
};

/** All that one file has left behind, without what tells one from another. */
const effectsOf = (path: string) => {
	const { data } = coordinator;
	const name = path.split('/').at(-1);
	const [file] = lookInto<{ seq: number; id: string }>(data, 'SELECT seq, id FROM files WHERE name = ?', name);
	if (!file) throw new Error(`there is no ${path}`);
	const newest = lookInto<{ number: number; facts: string; created_by: number; blob_seq: number }>(
		data,
		'SELECT number, facts, created_by, blob_seq FROM file_versions WHERE file_seq = ? ORDER BY number DESC LIMIT 1',
		file.seq,
	)[0];
	return {
		facts: JSON.parse(newest?.facts ?? '{}'),
		tasks: lookInto(
			data,
			`SELECT y.name, t.state, t.routing_key, t.attempt, o.cause, o.recipe_version, o.step, o.trigger_seq
			 FROM tasks t JOIN task_types y ON y.seq = t.type_seq JOIN task_origins o ON o.task_seq = t.seq
			 WHERE t.file_seq = ? ORDER BY y.name`,
			file.seq,
		),
		firings: lookInto(
			data,
			'SELECT trigger_seq, event, state, reason, tasks FROM trigger_firings WHERE file_seq = ?',
			file.seq,
		),
		// Of the version with the content; an empty one that a client made first is told, too.
		audit: lookInto(
			data,
			`SELECT action, outcome, detail ->> '$.sha256' AS sha256, detail ->> '$.size' AS size FROM audit_log
			 WHERE object = ? AND action = 'file.upload' AND detail ->> '$.size' > 0`,
			file.id,
		),
		attempts: lookInto(
			data,
			`SELECT count(*) AS attempts FROM usage_records WHERE kind = 'attempt'
			 AND task_seq IN (SELECT seq FROM tasks WHERE file_seq = ?)`,
			file.seq,
		),
	};
};

const firingsOf = (path: string) =>
	lookInto(
		coordinator.data,
		'SELECT 1 FROM trigger_firings WHERE file_seq = (SELECT seq FROM files WHERE name = ?)',
		path.split('/').at(-1),
	);

const usedBy = (username: string) =>
	lookInto<{ files: number; bytes: number; uploaded: number }>(
		coordinator.data,
		`SELECT s.files, s.bytes, (SELECT coalesce(sum(bytes_in), 0) FROM usage_records WHERE kind = 'upload' AND owner_seq = u.seq)
		   AS uploaded
		 FROM users u LEFT JOIN storage_use s ON s.owner_seq = u.seq WHERE u.username = ?`,
		username,
	)[0];

test('one file has the same effects, each once, whatever door it comes through', async (context) => {
	await using folder = new TempFolder();
	const anna = await coordinator.newUser('anna');
	const doors = await doorsOf('anna', anna, folder);
	const content = await makeJpeg(seededRandom(context), { megapixels: 0.01 });
	const effects: Record<string, unknown> = {};
	for (const [at, [door, bring]] of Object.entries(doors).entries()) {
		const before = usedBy('anna');
		const path = `/picture-${at}.jpg`;
		await bring(path, content);
		await waitFor('its trigger to fire', () => firingsOf(path).length > 0);
		await allOver(anna);
		const after = usedBy('anna');
		effects[door] = {
			...effectsOf(path),
			files: (after?.files ?? 0) - (before?.files ?? 0),
			bytes: (after?.bytes ?? 0) - (before?.bytes ?? 0),
			uploaded: (after?.uploaded ?? 0) - (before?.uploaded ?? 0),
		};
	}
	const { REST } = effects;
	expect(REST).toMatchObject({
		files: 1,
		bytes: content.length,
		uploaded: content.length,
		tasks: [{ name: 'md5' }, { name: 'mimetype' }, { name: 'thumbnail' }],
		audit: [{ size: content.length }],
	});
	for (const [door, effect] of Object.entries(effects)) expect(effect, door).toEqual(REST);
});
