import { expect, test } from 'vitest';
import { metricSources } from '../../test/support/metric-sources.ts';
import { createMetrics } from './metrics.ts';

const make = () => {
	const now = { finished: { succeeded: 3, failed: 1 }, queued: [{ queue: 'normal', queued: 5 }] };
	const metrics = createMetrics({
		...metricSources(),
		finished: () => now.finished,
		queued: () => now.queued,
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

test('queues, classes, nodes and history are told as they are, without what is not known', async () => {
	const { metrics, lines } = make();
	metrics.waited('standard', 700);
	metrics.committed(4);
	const text = await lines();
	expect(text).toEqual(
		expect.arrayContaining([
			'millrace_queue_in_total{queue="normal"} 7',
			'millrace_queue_started_total{queue="normal"} 6',
			'millrace_queue_out_total{queue="normal"} 5',
			'millrace_attempts_failed_total{reason="lost"} 1',
			'millrace_class_queued{class="standard"} 2',
			'millrace_node_slots{node="vm-1"} 4',
			'millrace_node_slots_in_use{node="vm-1"} 3',
			'millrace_node_cpu_load_ratio{node="vm-1"} 0.5',
			'millrace_node_agent_lag_seconds{node="vm-1"} 0.25',
			'millrace_agent_messages_ignored_total 8',
			'millrace_disk_free_bytes 1000',
			'millrace_history_open 1',
			'millrace_history_rows_lost_total 2',
			'millrace_task_wait_seconds_bucket{le="1",class="standard"} 1',
			'millrace_task_wait_seconds_bucket{le="0.5",class="standard"} 0',
			'millrace_ledger_commit_seconds_bucket{le="0.01"} 1',
		]),
	);
	expect(text.find((line) => line.startsWith('millrace_queue_oldest_seconds{queue="normal"} '))).toMatch(/ (9|1\d)\.?/);
	for (const absent of ['millrace_node_gpu_load_ratio{', 'millrace_ledger_log_bytes ']) {
		expect(text.filter((line) => line.startsWith(absent))).toEqual([]);
	}
});

test('labels by node are bounded', async () => {
	const sources = metricSources();
	const nodes = Array.from({ length: 600 }, (_, i) => ({ name: `n${i}`, running: 1, slots: 1, metrics: {} }));
	const { registry } = createMetrics({ ...sources, work: { ...sources.work, nodes: () => nodes } });
	const text = await registry.metrics();
	expect(text.match(/^millrace_node_slots\{/gm)).toHaveLength(500);
});
