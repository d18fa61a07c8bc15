import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TaskState } from '../../shared/protocol/task.ts';
import { OtlpReceiver } from '../../test/support/otlp-receiver.ts';
import type { CommitEndings, Ending } from '../queue/settlements.ts';
import { sendTo, Tracer } from './tracer.ts';

const T0 = 1_900_000_000_000;

let receiver: OtlpReceiver;
let tracer: Tracer;
let logged: string[];
beforeEach(async () => {
	receiver = await OtlpReceiver.start();
	logged = [];
	const logger = pino({}, { write: (line) => void logged.push((JSON.parse(line) as { msg: string }).msg) });
	tracer = new Tracer({ send: sendTo(receiver.url), logger, version: '1.2.3', withinMs: 2 ** 30 });
});
afterEach(async () => {
	await tracer[Symbol.asyncDispose]();
	await receiver[Symbol.asyncDispose]();
});

const ending = (facts: {
	id?: string;
	attempt?: number;
	end?: Ending['end'];
	inputs?: string;
	finishedAt?: number;
}): Ending => {
	const { id = 'tsk_1', attempt = 1, end = { state: 'succeeded' }, inputs, finishedAt = T0 + 3_000 } = facts;
	const file = { file: 'fil_1', version: 2, path: '/secret name.jpg' };
	const task = {
		...{ type: 'thumbnail', serviceClass: 'standard', order: T0 + 1_000 },
		payload: { inputs: inputs ?? JSON.stringify([file]) },
	};
	const lease = { task, id, attempt, node: 'nod_1', token: `token-${attempt}`, startedAt: T0 + 2_000 };
	return { lease, end, item: { finishedAt, reason: null }, outputs: [{ name: 'thumbnail.jpg' }] } as unknown as Ending;
};
/** Commits these, with what became of their tasks; null was not committed. */
const commit = async (endings: Ending[], states: (TaskState | null)[]) => {
	const inner: CommitEndings = async () =>
		states.map((state) => ({ status: 'fulfilled', value: state === null ? null : ({ state } as never) }));
	const outcomes = await tracer.traced(inner)(endings);
	expect(outcomes).toHaveLength(endings.length);
};

test('an upload, its task, both attempts and their results are one trace', async () => {
	tracer.uploaded({ file: 'fil_1', version: 2, size: 5, startedAt: T0, endedAt: T0 + 900, tasks: 1 });
	const failed = { state: 'failed', failure: { class: 'transient', code: 'odd', message: 'secret words' } } as const;
	await commit([ending({ end: failed })], ['retrying']);
	await commit([ending({ attempt: 2 })], ['succeeded']);
	await tracer.exporter?.flush();
	const { spans } = receiver;
	expect(receiver.malformed).toEqual([]);
	expect(new Set(receiver.paths)).toEqual(new Set(['POST /v1/traces application/json']));
	expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
	expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(spans.length);
	const byName = (name: string) => spans.filter((span) => span.name === name);
	const [upload] = byName('upload');
	const [task] = byName('task thumbnail');
	const attempts = byName('attempt thumbnail');
	expect(upload).not.toHaveProperty('parentSpanId');
	expect(upload).toMatchObject({ startTimeUnixNano: `${T0}000000`, endTimeUnixNano: `${T0 + 900}000000` });
	expect(task).toMatchObject({ parentSpanId: upload?.spanId, status: { code: 1 } });
	expect(attempts.map(({ parentSpanId }) => parentSpanId)).toEqual([task?.spanId, task?.spanId]);
	expect(attempts.map(({ status }) => status)).toEqual([{ code: 2, message: 'odd' }, { code: 1 }]);
	expect(byName('result').map(({ parentSpanId }) => parentSpanId)).toEqual(attempts.map(({ spanId }) => spanId));
	expect(OtlpReceiver.attribute(task!, 'millrace.task')).toBe('tsk_1');
	expect(OtlpReceiver.attribute(task!, 'millrace.waited_ms')).toBe('1000');
	expect(JSON.stringify(spans)).not.toContain('secret');
});

test('a task without a file is a trace of its own, and what was not committed is in none', async () => {
	await commit([ending({ id: 'tsk_2', inputs: '[]' }), ending({ id: 'tsk_3', inputs: '[]' })], ['succeeded', null]);
	await tracer.exporter?.flush();
	const tasks = receiver.spans.map((span) => OtlpReceiver.attribute(span, 'millrace.task'));
	expect(tasks).toEqual(['tsk_2', 'tsk_2', 'tsk_2']);
	expect(receiver.spans.find(({ name }) => name === 'task thumbnail')).not.toHaveProperty('parentSpanId');
});

test('a clock that was set back makes no span that ends before it begins', async () => {
	await commit([ending({ finishedAt: T0 - 60_000 })], ['succeeded']);
	await tracer.exporter?.flush();
	const backwards = receiver.spans.filter((span) => span.endTimeUnixNano < span.startTimeUnixNano);
	expect([receiver.spans.length, backwards]).toEqual([3, []]);
});

test('what a receiver that is away does not take is kept, up to a bound, and taken later', async () => {
	receiver.status = 503;
	await commit([ending({})], ['succeeded']);
	await tracer.exporter?.flush();
	expect(logged).toEqual(['traces cannot be handed over; it is tried again']);
	for (let i = 0; i < 4_000; i += 1) await commit([ending({ id: `tsk_${i}` })], ['succeeded']);
	expect(tracer.exporter?.lost).toBe(2_003);
	receiver.status = 200;
	await tracer.exporter?.flush();
	expect(receiver.spans).toHaveLength(10_000);
	expect(receiver.malformed).toEqual([]);
	expect(logged.at(-1)).toBe('traces are taken again');
});

test('what a receiver refuses is not said to it again', async () => {
	receiver.status = 400;
	await commit([ending({})], ['succeeded']);
	await tracer.exporter?.flush();
	await tracer.exporter?.flush();
	expect(receiver.paths).toHaveLength(1);
	expect(tracer.exporter?.lost).toBe(3);
});

test('a commit that fails fails as before, and tells nothing', async () => {
	const traced = tracer.traced(async () => Promise.reject(new Error('disk')));
	await expect(traced([ending({})])).rejects.toThrow('disk');
	await tracer.exporter?.flush();
	expect(receiver.paths).toEqual([]);
});

test('nobody who has not asked for traces has anything done for them', () => {
	const off = new Tracer({ send: sendTo(undefined), logger: pino({ level: 'silent' }), version: '1.2.3' });
	const inner: CommitEndings = async () => [];
	expect(off.traced(inner)).toBe(inner);
	expect(off.exporter).toBeNull();
});
