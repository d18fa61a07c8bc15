import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FakeCoordinator } from '../support/fake-coordinator.ts';
import { makeAssignment } from '../support/make-assignment.ts';
import { makeJpeg, makePngBomb, makeSvgEntityBomb, truncated } from '../support/make-images.ts';
import { childrenOf } from '../support/processes.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { type RunningAgent, startAgent } from '../support/start-agent.ts';

let fake: FakeCoordinator;
let agent: RunningAgent;
const random = new SeededRandom(11);

beforeAll(async () => {
	fake = await FakeCoordinator.start();
	agent = await startAgent(fake, {
		concurrency: 4,
		queues: ['normal', 'hardware'],
		hardware: ['capture-card=1'],
		labels: ['zone=lab'],
	});
});
afterAll(async () => {
	await agent?.[Symbol.asyncDispose]();
	await fake?.close();
});

test('an agent joins, answers the challenge with its own key, and says what it has', async () => {
	const { hello } = await fake.until('hello');
	expect(fake.joins).toBe(1);
	expect(hello).toMatchObject({
		queues: ['normal', 'hardware'],
		concurrency: 4,
		running: [],
		capabilities: { hardware: { 'capture-card': 1 }, labels: { zone: 'lab' } },
	});
	expect(hello.capabilities.taskTypes).toEqual(
		expect.arrayContaining(['noop', 'md5', 'mimetype', 'imagefacts', 'thumbnail']),
	);
	expect(hello.capabilities.cores).toBeGreaterThan(0);
});

test('no-ops come back with what they were to echo, and with what they used', async () => {
	const echo = { deep: [1, 'x', null] };
	const settlement = await fake.run('noop', { parameters: { echo, cpuMs: 30, sleepMs: 20 } });
	expect(settlement).toMatchObject({ outcome: 'succeeded', result: { echo }, outputs: [] });
	expect(settlement.usage.cpuMs).toBeGreaterThan(20);
	expect(settlement.usage.wallMs).toBeGreaterThan(45);
	expect(settlement.usage.peakMemoryBytes).toBeGreaterThan(10e6);
});

test('the story of an image: MD5, type, facts and thumbnail, from one download', async () => {
	const jpeg = await makeJpeg(random, { megapixels: 2, orientation: 6 });
	const inputs = [fake.addInput(jpeg, 'photo.jpg')];
	const before = fake.requests.length;
	const [md5, mimetype, facts, thumbnail] = await Promise.all(
		['md5', 'mimetype', 'imagefacts', 'thumbnail'].map((type) => fake.run(type, { inputs })),
	);
	expect(md5).toMatchObject({ result: { md5: createHash('md5').update(jpeg).digest('hex') } });
	expect(mimetype).toMatchObject({ result: { mimetype: 'image/jpeg' } });
	expect(facts).toMatchObject({ result: { format: 'jpeg', orientation: 6 } });
	expect(thumbnail).toMatchObject({
		result: { width: 120, height: 160 },
		outputs: [{ name: 'thumbnail.jpg', mediaType: 'image/jpeg' }],
	});
	const made = fake.outputs.get(`${thumbnail?.task}/1/thumbnail.jpg`);
	expect((await sharp(made).metadata()).width).toBe(120);
	const gets = fake.requests.slice(before).filter((request) => request.startsWith('GET'));
	expect(gets, 'four tasks share one download').toHaveLength(1);
	const bytesIn = [md5, mimetype, facts, thumbnail].map((settlement) => settlement?.usage.bytesIn ?? 0);
	expect(bytesIn.reduce((sum, bytes) => sum + bytes)).toBe(jpeg.length);
	expect(thumbnail?.usage.bytesOut).toBe(made?.length);
});

test('bad pictures end at once as the input’s fault, and the child lives', async () => {
	const children = childrenOf(agent.pid);
	const jpeg = await makeJpeg(random, { megapixels: 1 });
	const bad = [truncated(jpeg), makePngBomb(), makeSvgEntityBomb(), Buffer.alloc(0), Buffer.from('text named .jpg\n')];
	for (const content of bad) {
		const settlement = await fake.run('thumbnail', { inputs: [fake.addInput(content, 'x.jpg')] });
		const message = expect.stringMatching(/^The .+\.$/);
		expect(settlement).toMatchObject({ outcome: 'failed', failure: { class: 'input', message } });
		expect(settlement.usage.wallMs).toBeLessThan(2_000);
	}
	expect(childrenOf(agent.pid)).toEqual(expect.arrayContaining(children));
});

test('a cut download goes on where it stopped, and a damaged one is fetched again', async () => {
	const content = random.bytes(3_000_000);
	const inputs = [fake.addInput(content)];
	let tries = 0;
	fake.intercept = (request, response) => {
		if (request.method !== 'GET') return false;
		tries += 1;
		if (tries === 1) {
			response.writeHead(200, { 'content-length': content.length });
			response.write(content.subarray(0, 1_000_000), () => response.destroy());
			return true;
		}
		return false;
	};
	const settlement = await fake.run('md5', { inputs });
	expect(settlement).toMatchObject({ result: { md5: createHash('md5').update(content).digest('hex') } });
	expect(tries).toBe(2);
	expect(settlement.usage.bytesIn).toBeLessThan(content.length * 1.05);

	const other = random.bytes(100_000);
	const flipped = Buffer.from(other);
	flipped.writeUInt8((other[5_000] ?? 0) ^ 0xff, 5_000);
	let isFirst = true;
	fake.intercept = (request, response) => {
		if (request.method !== 'GET' || !isFirst) return false;
		isFirst = false;
		response.writeHead(200, { 'content-length': flipped.length }).end(flipped);
		return true;
	};
	const healed = await fake.run('md5', { inputs: [fake.addInput(other)] });
	expect(healed).toMatchObject({ result: { md5: createHash('md5').update(other).digest('hex') } });

	const never = random.bytes(1_000);
	fake.intercept = (request, response) => {
		if (request.method !== 'GET') return false;
		response.writeHead(200, { 'content-length': never.length }).end(random.bytes(never.length));
		return true;
	};
	const failed = await fake.run('md5', { inputs: [fake.addInput(never)] });
	expect(failed).toMatchObject({ outcome: 'failed', failure: { class: 'transient', code: 'input-damaged' } });
	fake.intercept = null;
});

test('an input that is lost or refused ends the attempt at once, as a failure that counts', async () => {
	const missing = { name: 'gone', sha256: 'f'.repeat(64), size: 5 };
	const refused = { outcome: 'failed', failure: { class: 'transient', code: 'input-refused' } };
	expect(await fake.run('md5', { inputs: [missing] })).toMatchObject(refused);
	fake.intercept = (request, response) => {
		if (request.method !== 'GET') return false;
		response.writeHead(410, { 'content-type': 'application/problem+json' }).end('{"code":"content-lost"}');
		return true;
	};
	const lost = { outcome: 'failed', failure: { class: 'permanent', code: 'input-lost' } };
	expect(await fake.run('md5', { inputs: [missing] })).toMatchObject(lost);
	fake.intercept = null;
});

test('what it cannot do it gives back with the reason, and malformed orders do no harm', async () => {
	const unknown = await fake.run('frobnicate');
	expect(unknown).toMatchObject({ outcome: 'returned', reason: expect.stringContaining('frobnicate') });
	for (const message of [null, 7, {}, { tasks: 'x' }, { tasks: [{ task: '../../x' }] }, { tasks: [null] }]) {
		fake.emit('task:assign', message);
		fake.emit('task:cancel', message);
		fake.emit('agent:configure', message);
	}
	expect(await fake.run('noop')).toMatchObject({ outcome: 'succeeded' });
});

test('no more than its slots run at a time: what comes all the same is given back', async () => {
	const tasks = Array.from({ length: 6 }, () => makeAssignment('noop', { parameters: { sleepMs: 300 } }));
	fake.assign(...tasks);
	const settlements = await Promise.all(tasks.map((task) => fake.settled(task)));
	expect(settlements.filter(({ outcome }) => outcome === 'succeeded')).toHaveLength(4);
	expect(settlements.filter(({ outcome }) => outcome === 'returned')).toHaveLength(2);
});

test('the same assignment twice runs once', async () => {
	const task = makeAssignment('noop', { parameters: { sleepMs: 50 } });
	fake.assign(task);
	fake.assign(task);
	await fake.settled(task);
	await fake.run('noop');
	expect(fake.seen.filter((one) => one.kind === 'settled' && one.settlement.task === task.task)).toHaveLength(1);
});

test('a task that keeps the CPU busy delays no heartbeat', async () => {
	await using busy = await FakeCoordinator.start();
	busy.heartbeatMs = 100;
	await using other = await startAgent(busy, { concurrency: 2 });
	const tasks = [1, 2].map(() => makeAssignment('noop', { parameters: { cpuMs: 1_500 } }));
	busy.assign(...tasks);
	await Promise.all(tasks.map((task) => busy.settled(task)));
	expect(busy.count('heartbeat')).toBeGreaterThanOrEqual(8);
	const { heartbeat } = await busy.until('heartbeat', (seen) => seen.heartbeat.running.length === 2);
	expect(heartbeat.running.map(({ token }) => token)).toEqual(tasks.map(({ token }) => token));
	expect(heartbeat.metrics.cpuLoad).toBeGreaterThanOrEqual(0);
	expect(other.process.isRunning).toBe(true);
});
