import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FileDetail, UploadAnswer } from '../../shared/protocol/file.ts';
import { type Api, ApiRefusal } from '../support/api.ts';
import { rounds } from '../support/chaos-length.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import { lookInto } from '../support/look-into.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';
import { TusUpload } from '../support/tus-upload.ts';
import { waitFor } from '../support/wait-for.ts';

const MIB = 2 ** 20;
const SIZE = rounds(48, 1_024) * MIB;
const CUTS = rounds(8, 50);
const KILLS = rounds(1, 5);
const FLIPS = rounds(6, 100);

let coordinator: RunningCoordinator;
let anna: Api;

beforeAll(async () => {
	coordinator = await startCoordinator();
	anna = await coordinator.newUser('anna');
});
afterAll(async () => {
	await coordinator.stop();
	await checkInvariants({ data: coordinator.data, settled: false });
	await coordinator[Symbol.asyncDispose]();
});

const sha256Of = (content: Buffer) => createHash('sha256').update(content).digest('hex');
const digestOf = (content: Buffer) => `sha-256=:${createHash('sha256').update(content).digest('base64')}:`;

/** Where the server says that it is; while it is away or still busy with the cut request it is asked again. */
const offsetNow = (upload: TusUpload): Promise<number> =>
	waitFor('the offset', () => upload.offset(), { withinMs: 30_000 });

/** Sends the rest again and again until the last byte is acknowledged; counts the bytes that went over the wire twice. */
const uploadWithCuts = async (
	upload: TusUpload,
	content: Buffer,
	disturb: (left: number) => Promise<void>,
): Promise<{ answer: UploadAnswer; tries: number }> => {
	for (let tries = 1; ; tries++) {
		const offset = await offsetNow(upload);
		const disturbing = disturb(content.length - offset);
		try {
			const answer = await upload.finish(content, offset);
			return { answer, tries };
		} catch (error) {
			// Locked: the cut request is still being put away.
			if (error instanceof ApiRefusal && error.status !== 423 && error.status < 500) throw error;
			await disturbing;
		}
	}
};

/** Nothing of a refused upload is to be seen, nor of anything else: this comes first. */
const leftNothing = async (paths: readonly string[]) => {
	for (const path of paths) expect((await anna.raw('HEAD', `/api/v1/content${path}`)).status, path).toBe(404);
	expect(lookInto(coordinator.data, 'SELECT count(*) AS n FROM file_versions')).toEqual([{ n: 0 }]);
	expect(lookInto(coordinator.data, 'SELECT count(*) AS n FROM tasks')).toEqual([{ n: 0 }]);
	expect(lookInto(coordinator.data, `SELECT count(*) AS n FROM usage_records`)).toEqual([{ n: 0 }]);
};

const refusalOf = (act: Promise<unknown>): Promise<string> =>
	act.then(
		() => 'taken',
		(error) => (error instanceof ApiRefusal ? error.code : `no answer: ${error}`),
	);

test(`P15: ${FLIPS} uploads with a flipped byte, and as many cut short, are refused and leave nothing`, async (context) => {
	const random = seededRandom(context);
	using proxy = await TcpProxy.listen({ port: coordinator.port });
	const far = anna.at(proxy.url);
	const paths: string[] = [];
	const refuse = async (content: Buffer, path: string, i: number): Promise<string> => {
		paths.push(path);
		if (i % 2 === 0) {
			// Well behind the head, whatever its length.
			const flipped = proxy.flipByte(random.between(2_000, content.length - 1), 'up');
			const code = await refusalOf(far.upload(path, content, { 'content-digest': digestOf(content) }));
			await flipped;
			return code;
		}
		const upload = await TusUpload.create(far, { path, size: content.length, sha256: sha256Of(content) });
		const flipped = proxy.flipByte(random.between(2_000, content.length - 1), 'up');
		const code = await refusalOf(upload.finish(content));
		await flipped;
		return code;
	};
	for (let i = 0; i < FLIPS; i++) {
		const content = random.bytes(random.between(5_000, 200_000));
		expect(await refuse(content, `/flipped/${i}.bin`, i)).toBe('checksum-mismatch');
		const path = `/short/${i}.bin`;
		paths.push(path);
		const cut = proxy.cutAfter(random.between(1_000, content.length - 1), 'up');
		expect(await refusalOf(far.upload(path, content))).toMatch(/^no answer/);
		await cut;
	}
	await leftNothing(paths);
});

test(`P15: an upload of ${SIZE / MIB} MiB with ${CUTS} cuts and ${KILLS} kills of the coordinator is exact`, async (context) => {
	const random = seededRandom(context);
	using proxy = await TcpProxy.listen({ port: coordinator.port });
	const content = Buffer.alloc(SIZE);
	for (let at = 0; at < SIZE; at += MIB) random.bytes(4_096).copy(content, at);
	const sha256 = sha256Of(content);
	const far = anna.at(proxy.url);
	const upload = await TusUpload.create(far, { path: '/large.bin', size: SIZE, sha256 });
	// A wire, not a memory copy: what a cut loses is what was under way.
	proxy.throttle(64 * MIB, 'up');
	const sentBefore = proxy.bytes('up');
	let cuts = 0;
	let kills = 0;
	const disturb = async (left: number): Promise<void> => {
		if (cuts >= CUTS) return;
		const share = left / (CUTS - cuts + 1);
		await proxy.cutAfter(Math.floor(share * (0.5 + random.next() / 2)), 'up');
		cuts += 1;
		if (kills < KILLS && cuts > (kills + 0.5) * (CUTS / KILLS)) {
			kills += 1;
			await coordinator.kill();
			await coordinator.restart();
		}
	};
	const { answer } = await uploadWithCuts(upload, content, disturb);
	expect([cuts, kills]).toEqual([CUTS, KILLS]);
	expect(answer.file).toMatchObject({ path: '/large.bin', size: SIZE, sha256, version: 1 });
	const again = (proxy.bytes('up') - sentBefore - SIZE) / SIZE;
	console.log(`P15: ${cuts} cuts and ${kills} kills; ${(again * 100).toFixed(1)} % of the bytes were sent again`);
	expect(again).toBeLessThan(0.05);
	const back = await anna.raw('GET', '/api/v1/content/large.bin');
	expect(sha256Of(back.body)).toBe(sha256);
});

test('P15: two writers at once: one upload takes one writer’s bytes at a time, one name takes both, whole', async (context) => {
	const random = seededRandom(context);
	for (let i = 0; i < rounds(5, 50); i++) {
		const content = random.bytes(2 * MIB);
		const upload = await TusUpload.create(anna, {
			path: `/one/${i}.bin`,
			size: content.length,
			sha256: sha256Of(content),
		});
		const answers = await Promise.all([upload.append(0, content), upload.append(0, content)]);
		const statuses = answers.map(({ status }) => status).sort();
		expect(statuses[0]).toBeLessThan(300);
		expect([404, 409, 410, 423]).toContain(statuses[1]);
		const told = answers.find(({ status }) => status < 300);
		// Asked by the other to let go, it may have kept a part, and said so.
		const kept = Number(told?.headers['upload-offset']);
		const answer = kept < content.length || !told ? await upload.finish(content, kept) : TusUpload.answerOf(told);
		expect(answer.file).toMatchObject({ sha256: sha256Of(content), version: 1 });

		const [a, b] = [random.bytes(300_000), random.bytes(400_000)];
		const path = `/two/${i}.bin`;
		const tus = await TusUpload.create(anna, { path, size: b.length, sha256: sha256Of(b) });
		const [put, finished] = await Promise.all([anna.upload(path, a), tus.finish(b)]);
		expect(put.file.id).toBe(finished.file.id);
		expect([put.file.version, finished.file.version].sort()).toEqual([1, 2]);
		const file = await anna.get<FileDetail>(`/files/${put.file.id}`);
		const sums = file.versions.map(({ sha256 }) => sha256).sort();
		expect(sums).toEqual([sha256Of(a), sha256Of(b)].sort());
	}
});
