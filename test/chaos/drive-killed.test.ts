import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allOver } from '../support/all-over.ts';
import type { Api } from '../support/api.ts';
import { rounds } from '../support/chaos-length.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import { DriveClient } from '../support/drive-client.ts';
import { lookInto } from '../support/look-into.ts';
import { type SeededRandom, seededRandom } from '../support/seeded-random.ts';
import { type RunningAgent, startAgent } from '../support/start-agent.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';
import { waitFor } from '../support/wait-for.ts';

const KILLS = rounds(2, 60);
const SAVERS = 4;
/** Saves of each saver between two kills. */
const SAVES = 6;

let coordinator: RunningCoordinator;
let agent: RunningAgent;
let anna: Api;
let drive: DriveClient;

beforeAll(async () => {
	coordinator = await startCoordinator();
	agent = await startAgent(coordinator, { concurrency: 4 });
	anna = await coordinator.newUser('anna');
	drive = await DriveClient.open(anna, 'anna');
});
afterAll(async () => {
	await agent?.[Symbol.asyncDispose]();
	await coordinator?.[Symbol.asyncDispose]();
});

/** Throws unless it was done. */
const must = async (method: string, path: string, body: string | null, headers: Record<string, string> = {}) => {
	const { status, body: said } = await drive.raw(method, path, body, headers);
	if (status >= 300) throw new Error(`${method} ${path}: ${status} ${said}`);
};

/** As programs save: at once; under a lock, after an empty file; beside, and then renamed into place. */
const WAYS: ((path: string, content: string) => Promise<void>)[] = [
	(path, content) => must('PUT', path, content),
	async (path, content) => {
		const token = await drive.lock(path);
		await must('PUT', path, content, { if: `(<${token}>)` });
		await must('UNLOCK', path, null, { 'lock-token': `<${token}>` });
	},
	async (path, content) => {
		await must('PUT', `${path}.part`, content);
		await must('MOVE', `${path}.part`, null, { destination: drive.at(path) });
	},
];

/** Saves until all of it was acknowledged; gives the name. What was cut is begun anew elsewhere: its lock may still be there. */
const save = async (random: SeededRandom, name: string, content: string): Promise<string> => {
	const way = random.pick(WAYS);
	for (let attempt = 1; ; attempt += 1) {
		const path = `/${name}-${attempt}.txt`;
		try {
			await way(`/files${path}`, content);
			return path;
		} catch (error) {
			if (coordinator.process.isRunning && String(error).includes(': 4')) throw error;
			await waitFor('the coordinator to be back', async () => (await anna.raw('GET', '/healthz')).status === 200);
		}
	}
};

const sha256Of = (content: string): string => createHash('sha256').update(content).digest('hex');

interface Processed {
	path: string;
	sha256: string;
	firings: number;
	tasks: string;
}

/** What was done to the newest version of each file. */
const processed = (): Map<string, Processed> => {
	const rows = lookInto<Processed>(
		coordinator.data,
		`SELECT '/' || f.name AS path, lower(hex(b.sha256)) AS sha256,
		   (SELECT count(*) FROM trigger_firings g WHERE g.file_seq = f.seq AND g.version = f.version AND g.state = 'fired') AS firings,
		   (SELECT group_concat(y.name || ' ' || t.state, ', ' ORDER BY y.name) FROM tasks t JOIN task_types y ON y.seq = t.type_seq
		    WHERE t.file_seq = f.seq AND t.inputs ->> '$[0].version' = f.version) AS tasks
		 FROM files f JOIN file_versions v ON v.file_seq = f.seq AND v.number = f.version JOIN blobs b ON b.seq = v.blob_seq
		 WHERE f.trashed_at IS NULL`,
	);
	return new Map(rows.map((row) => [row.path, row]));
};

test(`${KILLS} kills while programs save: what was saved is there and processed once`, async (context) => {
	const random = seededRandom(context);
	const saved = new Map<string, string>();
	for (let kill = 0; kill < KILLS; kill += 1) {
		const saving = Array.from({ length: SAVERS }, async (_, saver) => {
			for (let at = 0; at < SAVES; at += 1) {
				const content = `${kill} ${saver} ${at}`;
				saved.set(await save(random, `k${kill}s${saver}n${at}`, content), content);
			}
		});
		const ended = Promise.all(saving);
		// At any moment of the saves: this is no wait for something, it is where the kill falls.
		await Promise.race([ended, pause(random.between(0, 400))]);
		await coordinator.kill();
		await coordinator.restart();
		await ended;
	}
	const isDone = (path: string) => processed().get(path)?.tasks === 'md5 succeeded, mimetype succeeded';
	await waitFor('everything that was saved to be processed', () => [...saved.keys()].every(isDone), {
		lastSeen: () => [...saved.keys()].filter((path) => !isDone(path)).map((path) => processed().get(path) ?? path),
	});
	await allOver(anna);
	const found = processed();
	for (const [path, content] of saved) {
		expect(found.get(path)).toEqual({
			...{ path, sha256: sha256Of(content), firings: 1 },
			tasks: 'md5 succeeded, mimetype succeeded',
		});
	}
	const twice = lookInto(
		coordinator.data,
		`SELECT file_seq, version, trigger_seq FROM trigger_firings WHERE state = 'fired'
		 GROUP BY file_seq, version, trigger_seq HAVING count(*) > 1`,
	);
	expect(twice).toEqual([]);
	await agent.stop();
	await coordinator.stop();
	await checkInvariants({ data: coordinator.data });
});
