import { expect, test } from 'vitest';
import { createMetrics } from './metrics.ts';

const make = () => {
	const now = { finished: { succeeded: 3, failed: 1 }, queued: [{ queue: 'normal', queued: 5 }] };
	const metrics = createMetrics({
		finished: () => now.finished,
		submitted: () => 9,
		running: () => 2,
		queued: () => now.queued,
		nodes: () => ({ online: 2, offline: 1 }),
		uploads: () => ({ uploads: 4, bytes: 4_096 }),
		ledgerWaiting: () => ({ writes: 1, reads: 0 }),
	});
	const lines = async () => (await metrics.registry.metrics()).split('\n');
	return { metrics, now, lines };
};

test('what rooms keep is read when it is asked for', async () => {
	const { now, lines } = make();
	expect(await lines()).toEqual(
		expect.arrayContaining([
			'millrace_tasks_finished_total{state="succeeded"} 3',
			'millrace_tasks_finished_total{state="failed"} 1',
			'millrace_tasks_submitted_total 9',
			'millrace_tasks_running 2',
			'millrace_tasks_queued{queue="normal"} 5',
			'millrace_nodes{state="online"} 2',
			'millrace_uploads_total 4',
			'millrace_upload_bytes_total 4096',
			'millrace_ledger_waiting{kind="write"} 1',
			'millrace_ledger_waiting{kind="read"} 0',
		]),
	);
	now.finished.succeeded = 4;
	now.queued = [];
	const later = await lines();
	expect(later).toContain('millrace_tasks_finished_total{state="succeeded"} 4');
	expect(later.filter((line) => line.startsWith('millrace_tasks_queued'))).toEqual([]);
});

test('requests are counted by class of route and status', async () => {
	const { metrics, lines } = make();
	metrics.answered(200, 2, 'tasks');
	metrics.answered(202, 20, 'tasks');
	metrics.answered(404, 0.5, 'none');
	expect(await lines()).toEqual(
		expect.arrayContaining([
			'millrace_http_requests_total{route="tasks",status="2xx"} 2',
			'millrace_http_requests_total{route="none",status="4xx"} 1',
			'millrace_http_request_seconds_bucket{le="0.003",route="tasks",status="2xx"} 1',
			'millrace_http_request_seconds_bucket{le="0.03",route="tasks",status="2xx"} 2',
			'millrace_http_request_seconds_count{route="tasks",status="2xx"} 2',
		]),
	);
});

test('the process and its event loop are measured too', async () => {
	const { lines } = make();
	const text = (await lines()).join('\n');
	expect(text).toMatch(/^millrace_nodejs_eventloop_lag_p99_seconds /m);
	expect(text).toMatch(/^millrace_process_resident_memory_bytes /m);
});
