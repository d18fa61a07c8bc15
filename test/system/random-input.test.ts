import { io } from 'socket.io-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ERRORS } from '../../shared/protocol/errors.ts';
import { Api, type RawAnswer } from '../support/api.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import { PlayedAgent } from '../support/played-agent.ts';
import { type PathsOf, type RandomRequest, randomJson, randomRequest } from '../support/random-requests.ts';
import { RawConnection } from '../support/raw-connection.ts';
import { type SeededRandom, seededRandom } from '../support/seeded-random.ts';
import { startAgent } from '../support/start-agent.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';

const REQUESTS = 8_000;
const FRAMES = 2_000;
const AT_ONCE = 24;
/** Wrong secrets shut an address out: tried last. */
const GUARDED = /session$|setup$|password|\/join$/;

let coordinator: RunningCoordinator;
let anna: Api;

beforeAll(async () => {
	coordinator = await startCoordinator();
	anna = await coordinator.newUser('anna');
});
afterAll(async () => {
	await coordinator[Symbol.asyncDispose]();
});

/** What is wrong with an answer, or null: it must be no fault of ours, and every refusal must be coded. */
const faultOf = (request: RandomRequest, answer: RawAnswer): string | null => {
	const what = `${request.method} ${request.path.slice(0, 200)} ${JSON.stringify(request.headers)} ${String(request.body).slice(0, 300)}`;
	const text = answer.body.toString('utf8').slice(0, 300);
	if (answer.status < 400 || request.method === 'HEAD') return answer.status === 500 ? `${what}: 500` : null;
	let code = '';
	try {
		code = JSON.parse(answer.body.toString('utf8')).code;
	} catch {
		return `${what}: ${answer.status} without a problem document: ${text}`;
	}
	const known = ERRORS[code as keyof typeof ERRORS];
	if (!known || known.status !== answer.status || code === 'internal') return `${what}: ${answer.status} ${text}`;
	return null;
};

const storm = async (random: SeededRandom, people: Api[], api: PathsOf, ids: readonly string[], count: number) => {
	const requests = Array.from({ length: count }, () => ({
		request: randomRequest(random, api, ids),
		person: random.pick(people),
	}));
	const statuses: Record<number, number> = {};
	const faults: string[] = [];
	const worker = async () => {
		for (let next = requests.pop(); next; next = requests.pop()) {
			const { request, person } = next;
			const answer = await person
				.raw(request.method, request.path, request.body, request.headers)
				.catch((error: Error & { code?: string }) => {
					// What the client itself will not send is no finding, a cut of a connection that lives on neither.
					if (error.code?.startsWith('UND_ERR_INVALID') || error.code === 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH')
						return null;
					if (error.code === 'UND_ERR_SOCKET' || error.code === 'ECONNRESET' || error.code === 'EPIPE') return null;
					throw error;
				});
			if (answer === null) continue;
			statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
			const fault = faultOf(request, answer);
			if (fault !== null) faults.push(fault);
		}
	};
	await Promise.all(Array.from({ length: AT_ONCE }, worker));
	return { statuses, faults };
};

// Of a busy machine all of them take minutes.
test('thousands of random requests: each is answered, no answer is a fault, the process lives', {
	timeout: 300_000,
}, async (context) => {
	const random = seededRandom(context);
	const { pid } = coordinator;
	await using agent = await startAgent(coordinator, { concurrency: 2 });
	const document = await anna.get<PathsOf>('/openapi.json').catch(() => null);
	const whole = document ?? (JSON.parse((await anna.raw('GET', '/api/openapi.json')).body.toString()) as PathsOf);
	const split = (guarded: boolean): PathsOf => ({
		paths: Object.fromEntries(Object.entries(whole.paths).filter(([path]) => GUARDED.test(path) === guarded)),
	});
	expect(Object.keys(split(false).paths).length).toBeGreaterThan(20);
	const { file, tasks } = await anna.upload('/there.txt', 'text');
	const victim = await coordinator.api.post<{ id: string }>('/admin/users', {
		username: 'victim',
		password: 'a long enough passphrase',
	});
	const ids = [
		file.id,
		...tasks.map(({ id }) => id),
		victim.id,
		'tsk_00000000000000000000000000',
		'normal',
		'there.txt',
	];
	const operator = await coordinator.newUser('olga', 'operator');
	const people = [anna, anna, coordinator.api, operator, new Api(coordinator.url)];
	const open = await storm(random, people, split(false), ids, REQUESTS);
	console.log(`random requests: ${JSON.stringify(open.statuses)}`);
	expect(open.faults.slice(0, 10)).toEqual([]);
	const answered = Object.values(open.statuses).reduce((sum, n) => sum + n, 0);
	expect(answered).toBeGreaterThan(REQUESTS * 0.9);
	expect(open.statuses[429] ?? 0, 'not all were turned away unread').toBeLessThan(REQUESTS / 4);
	expect(open.statuses[200] ?? 0).toBeGreaterThan(50);
	const guarded = await storm(random, [new Api(coordinator.url)], split(true), ids, 300);
	expect(guarded.faults.slice(0, 10)).toEqual([]);
	expect(coordinator.pid).toBe(pid);
	expect((await anna.raw('GET', '/readyz')).status).toBe(200);
	expect(agent.process.isRunning).toBe(true);
});

test('random frames on both sockets are borne or cut, never a crash', async (context) => {
	const random = seededRandom(context);
	const events = [
		'subscribe',
		'agent:hello',
		'agent:heartbeat',
		'task:started',
		'task:progress',
		'task:log',
		'task:settle',
	];
	const names = [...events, 'agent:draining', 'agent:challenge', 'x'.repeat(200), ''];
	const burst = (emit: (event: string, ...words: unknown[]) => void, count: number) => {
		for (let i = 0; i < count; i++) {
			const words = Array.from({ length: random.between(0, 2) }, () =>
				random.next() < 0.1 ? random.bytes(random.between(0, 500)) : randomJson(random, 4),
			);
			emit(random.pick(names), ...words, ...(random.next() < 0.5 ? [() => {}] : []));
		}
	};
	for (let round = 0; round < FRAMES / 100; round++) {
		if (round % 2 === 0) {
			using agent = await PlayedAgent.start(coordinator);
			burst((event, ...words) => agent.emit(event, ...words), 100);
		} else {
			const auth = random.next() < 0.7 ? { token: anna.token } : (randomJson(random) as object);
			const socket = io(`${coordinator.url}/live`, {
				transports: ['websocket'],
				reconnection: false,
				forceNew: true,
				auth,
			});
			await new Promise<void>((resolve) => {
				socket.once('connect', resolve);
				socket.once('connect_error', () => resolve());
				socket.once('disconnect', () => resolve());
			});
			burst((event, ...words) => void socket.emit(event, ...words), 100);
			socket.disconnect();
		}
	}
	const upgrade = `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: ${Buffer.alloc(16).toString('base64')}\r\n\r\n`;
	for (let i = 0; i < 50; i++) {
		using connection = await RawConnection.open(coordinator.port);
		connection.send(upgrade);
		await connection.answered(10_000).catch(() => null);
		connection.send(random.bytes(random.between(1, 5_000)));
		connection.reset();
	}
	expect((await anna.raw('GET', '/readyz')).status).toBe(200);
	await using honest = await startAgent(coordinator);
	expect(honest.process.isRunning).toBe(true);
	await honest.stop();
	await coordinator.stop();
	await checkInvariants({ data: coordinator.data, settled: false });
});
