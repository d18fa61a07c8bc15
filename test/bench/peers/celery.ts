import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { REPOSITORY } from '../../support/repository.ts';
import { runToEnd } from '../../support/run-to-end.ts';
import { TestProcess } from '../../support/test-process.ts';
import { BeginTimes } from '../begin-times.ts';
import { type Benchmark, type Figure, latencyFigures, NotMeasured } from '../figure.ts';
import { RabbitMq } from './rabbitmq.ts';

const FOLDER = join(REPOSITORY, 'test', 'bench', 'peers');
const CONCURRENCY = 8;

interface Submit {
	first: number;
	count: number;
	queue: string;
	sleep?: [least: number, most: number];
	gapMs?: number;
}

/** A Python process that submits on command. */
class Submitter implements AsyncDisposable {
	readonly #child;
	readonly #lines;

	constructor(env: NodeJS.ProcessEnv) {
		const stdio: ['pipe', 'pipe', 'inherit'] = ['pipe', 'pipe', 'inherit'];
		this.#child = spawn('/usr/bin/python3', ['celery_submit.py'], {
			cwd: FOLDER,
			env: { ...process.env, ...env },
			stdio,
		});
		this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
	}

	async submit(command: Submit): Promise<{ start: number; end: number; sent: number[] }> {
		this.#child.stdin.write(`${JSON.stringify({ sleep: null, gapMs: 0, ...command })}\n`);
		const { value, done } = await this.#lines.next();
		if (done) throw new Error('the Celery submitter ended');
		return JSON.parse(value);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.#child.stdin.end();
		await new Promise((resolve) => this.#child.once('close', resolve));
	}
}

const latencies = async (begins: BeginTimes, first: number, sent: readonly number[]): Promise<number[]> =>
	Promise.all(sent.map(async (at, i) => (await begins.of(first + i)) - at));

const measure = async (begins: BeginTimes, env: NodeJS.ProcessEnv, scale: number): Promise<Figure[]> => {
	await using submitter = new Submitter(env);
	// Without confirms a submit is only written to a socket: faster, and lost with the broker.
	await using hasty = new Submitter({ ...env, BENCH_CONFIRM: '0' });
	await submitter.submit({ first: 0, count: 100, queue: 'normal' });
	await begins.all(0, 100, 30_000);

	const idle = await submitter.submit({
		first: 1_000,
		count: Math.max(200, Math.ceil(400 * scale)),
		queue: 'normal',
		gapMs: 15,
	});
	const idleMs = await latencies(begins, 1_000, idle.sent);

	const flood = async (by: Submitter, first: number, count: number): Promise<number> => {
		const { start } = await by.submit({ first, count, queue: 'normal' });
		return count / (((await begins.all(first, count, 300_000)) - start) / 1000);
	};
	const confirmed = await flood(submitter, 100_000, Math.round(20_000 * scale));
	const unconfirmed = await flood(hasty, 200_000, Math.round(100_000 * scale));

	const behind = Math.round(20_000 * scale);
	await hasty.submit({ first: 300_000, count: behind, queue: 'normal', sleep: [5, 15] });
	const urgentCount = Math.ceil(200 * scale);
	const urgent = await submitter.submit({ first: 400_000, count: urgentCount, queue: 'priority', gapMs: 40 });
	const urgentMs = await latencies(begins, 400_000, urgent.sent);
	await begins.all(300_000, behind, 300_000);
	return [
		{ what: 'Celery: no-op end to end, each submit confirmed, one connection', unit: '/s', value: confirmed },
		{ what: 'Celery: no-op end to end, submits not confirmed', unit: '/s', value: unconfirmed },
		...latencyFigures('Celery: idle, submit to begun', idleMs),
		...latencyFigures('Celery: priority queue behind normal ones', urgentMs),
	];
};

/** Celery's prefork worker on RabbitMQ: late acknowledgement, persistent messages, publisher confirms. */
export const celery: Benchmark = {
	name: 'celery',
	title: 'Celery + RabbitMQ (late ack, persistent, confirms)',
	async run({ scale }): Promise<Figure[]> {
		await runToEnd(['/usr/bin/python3', '-c', 'import celery']).catch((cause) => {
			throw new NotMeasured('Celery is not installed: apt-get install python3-celery', { cause });
		});
		await using rabbit = await RabbitMq.start();
		await using begins = await BeginTimes.listen();
		const env = {
			BENCH_BROKER: rabbit.url,
			BENCH_PORT: String(begins.port),
			C_FORCE_ROOT: '1',
			PYTHONDONTWRITEBYTECODE: '1',
		};
		const argv = ['/usr/bin/python3', '-m', 'celery', '-A', 'celery_app', 'worker', '-Q', 'normal,priority'];
		argv.push('-c', String(CONCURRENCY), '-l', 'info', '--without-gossip', '--without-mingle', '--without-heartbeat');
		const worker = new TestProcess('celery worker', argv, { cwd: FOLDER, env });
		try {
			await worker.line(/ ready\.$/, 60_000);
			return await measure(begins, env, scale);
		} finally {
			await worker.stop(30_000);
		}
	},
};
