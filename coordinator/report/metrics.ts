import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import { metricKinds } from './metric-kinds.ts';
import { addWorkMetrics, type WorkMetrics, type WorkSources } from './work-metrics.ts';

/** Numbers that the rooms keep anyway, read when somebody asks for the metrics. */
export interface MetricSources {
	finished: () => Readonly<Record<string, number>>;
	submitted: () => number;
	running: () => number;
	queued: () => readonly { queue: string; queued: number }[];
	nodes: () => Readonly<Record<string, number>>;
	uploads: () => { uploads: number; bytes: number };
	ledgerWaiting: () => { writes: number; reads: number };
	work: WorkSources;
}

export interface Metrics extends WorkMetrics {
	registry: Registry;
	/** An HTTP request was answered; `route` is one of few words, such as the routes' tags. */
	answered: (status: number, ms: number, route: string) => void;
}

/** Names start with `millrace_`; labels are bounded (states, queues, classes, nodes up to 500, classes of status), never people or paths. docs/monitoring.md lists all. */
export const createMetrics = (sources: MetricSources): Metrics => {
	const registry = new Registry();
	collectDefaultMetrics({ register: registry, prefix: 'millrace_' });
	const registers = [registry];

	const { counter, gauge } = metricKinds(registry);
	counter('millrace_tasks_finished_total', 'Tasks that ended, by how', ['state'], (set) => {
		for (const [state, count] of Object.entries(sources.finished())) set({ state }, count);
	});
	counter('millrace_tasks_submitted_total', 'Tasks that were submitted', [], (set) => set({}, sources.submitted()));
	counter('millrace_uploads_total', 'Uploads that were stored', [], (set) => set({}, sources.uploads().uploads));
	counter('millrace_upload_bytes_total', 'Bytes of these uploads', [], (set) => set({}, sources.uploads().bytes));
	gauge('millrace_tasks_running', 'Live attempts', [], (set) => set({}, sources.running()));
	gauge('millrace_tasks_queued', 'Tasks in line', ['queue'], (set) => {
		for (const { queue, queued } of sources.queued()) set({ queue }, queued);
	});
	gauge('millrace_nodes', 'Nodes by state', ['state'], (set) => {
		for (const [state, count] of Object.entries(sources.nodes())) set({ state }, count);
	});
	gauge('millrace_ledger_waiting', 'Calls that wait for a database thread', ['kind'], (set) => {
		const { writes, reads } = sources.ledgerWaiting();
		set({ kind: 'write' }, writes);
		set({ kind: 'read' }, reads);
	});
	return { registry, answered: httpMetrics(registers), ...addWorkMetrics(registry, sources.work) };
};

/** What is counted of HTTP requests. Labels are bound once: this runs thousands of times a second. */
const httpMetrics = (registers: Registry[]): Metrics['answered'] => {
	const labelNames = ['route', 'status'] as const;
	const total = new Counter({
		name: 'millrace_http_requests_total',
		help: 'Requests that were answered, by class of route and of status',
		labelNames,
		registers,
	});
	const seconds = new Histogram({
		name: 'millrace_http_request_seconds',
		help: 'From request to the end of its answer, by class of route and of status',
		labelNames,
		buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10],
		registers,
	});
	const bound = new Map<string, { inc(): void; observe(value: number): void }>();
	return (code, ms, route) => {
		const key = `${route} ${Math.floor(code / 100)}`;
		let known = bound.get(key);
		if (!known) {
			const labels = { route, status: `${Math.floor(code / 100)}xx` };
			known = { ...total.labels(labels), ...seconds.labels(labels) };
			bound.set(key, known);
		}
		known.inc();
		known.observe(ms / 1_000);
	};
};
