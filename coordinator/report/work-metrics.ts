import { Histogram, type Registry } from 'prom-client';
import type { NodeMetrics } from '../../shared/protocol/node.ts';
import { metricKinds } from './metric-kinds.ts';

/** Labels by the name of a node are bounded: beyond so many, nodes are in the sums only. */
const MOST_NODES = 500;

interface Totals {
	in: number;
	started: number;
	out: number;
	failed: Readonly<Record<string, number>>;
}
interface Standing {
	depth: number;
	/** When the first of them came. */
	oldest: number;
}

/** What is measured each second anyway. */
export interface WorkSources {
	queues: () => Iterable<readonly [queue: string, totals: Totals]>;
	failed: () => Readonly<Record<string, number>>;
	/** As looked at last, not more than some seconds ago. */
	line: () => { queues: ReadonlyMap<string, Standing>; classes: ReadonlyMap<string, Standing> };
	nodes: () => Iterable<{ name: string; running: number; slots: number; metrics: NodeMetrics }>;
	agentMessagesIgnored: () => number;
	/** Null while it is not known. */
	ledgerLogBytes: () => number | null;
	diskFreeBytes: () => number | null;
	history: () => { isOpen: boolean; bytes: number; lost: number };
}

export interface WorkMetrics {
	/** A task of the class has started for the first time, after waiting so long. */
	waited: (serviceClass: string, ms: number) => void;
	/** Writes were committed after so long. */
	committed: (ms: number) => void;
}

/** What of a node's measures is served, and as what. */
const NODE_GAUGES: readonly [measure: keyof NodeMetrics, name: string, help: string, factor?: number][] = [
	['cpuLoad', 'millrace_node_cpu_load_ratio', 'CPU in use of all cores of a node, 0 to 1'],
	['load1', 'millrace_node_load1', 'Processes that run or want to, over the last minute'],
	['memoryUsedBytes', 'millrace_node_memory_used_bytes', 'Memory in use on a node'],
	['diskUsedBytes', 'millrace_node_disk_used_bytes', 'Disk of the work folder in use'],
	['diskTotalBytes', 'millrace_node_disk_size_bytes', 'Size of the disk of the work folder'],
	['networkInBytesPerSecond', 'millrace_node_network_in_bytes_per_second', 'What comes in over the network'],
	['networkOutBytesPerSecond', 'millrace_node_network_out_bytes_per_second', 'What goes out over the network'],
	['gpuLoad', 'millrace_node_gpu_load_ratio', 'GPUs of a node in use, 0 to 1'],
	['gpuMemoryUsedBytes', 'millrace_node_gpu_memory_used_bytes', 'Memory of GPUs in use'],
	['eventLoopLagMs', 'millrace_node_agent_lag_seconds', 'The longest that the agent was held up in a second', 1e-3],
];

/** What queues, classes, nodes, ledger and history are doing. */
export const addWorkMetrics = (registry: Registry, sources: WorkSources): WorkMetrics => {
	const { counter, gauge } = metricKinds(registry);
	for (const [key, name, help] of [
		[
			'in',
			'millrace_queue_in_total',
			'Tasks put in line, by queue: new ones, and those that come back after an attempt',
		],
		['started', 'millrace_queue_started_total', 'Attempts that started, by queue'],
		['out', 'millrace_queue_out_total', 'Attempts that ended, by queue'],
	] as const) {
		counter(name, help, ['queue'], (set) => {
			for (const [queue, totals] of sources.queues()) set({ queue }, totals[key]);
		});
	}
	counter('millrace_attempts_failed_total', 'Attempts that failed or were lost, by reason', ['reason'], (set) => {
		for (const [reason, count] of Object.entries(sources.failed())) set({ reason }, count);
	});
	gauge('millrace_queue_oldest_seconds', 'Age of the oldest task in line, by queue', ['queue'], (set) => {
		for (const [queue, { oldest }] of sources.line().queues) set({ queue }, age(oldest));
	});
	gauge('millrace_class_queued', 'Tasks in line, by service class', ['class'], (set) => {
		for (const [name, { depth }] of sources.line().classes) set({ class: name }, depth);
	});
	gauge('millrace_class_oldest_seconds', 'Age of the oldest task in line, by service class', ['class'], (set) => {
		for (const [name, { oldest }] of sources.line().classes) set({ class: name }, age(oldest));
	});
	const someNodes = () => {
		const nodes = [];
		for (const node of sources.nodes()) if (nodes.push(node) === MOST_NODES) break;
		return nodes;
	};
	gauge('millrace_node_slots_in_use', 'Slots of a node in use', ['node'], (set) => {
		for (const { name: node, running } of someNodes()) set({ node }, running);
	});
	gauge('millrace_node_slots', 'Slots of a node', ['node'], (set) => {
		for (const { name: node, slots } of someNodes()) set({ node }, slots);
	});
	for (const [measure, name, help, factor = 1] of NODE_GAUGES) {
		gauge(name, help, ['node'], (set) => {
			for (const { name: node, metrics } of someNodes()) {
				const value = metrics[measure];
				if (value !== undefined) set({ node }, value * factor);
			}
		});
	}
	const agentHelp = 'Messages of agents, or parts of them, that were not understood';
	counter('millrace_agent_messages_ignored_total', agentHelp, [], (set) => set({}, sources.agentMessagesIgnored()));
	const known = (name: string, help: string, read: () => number | null) =>
		gauge(name, help, [], (set) => {
			const value = read();
			if (value !== null) set({}, value);
		});
	known('millrace_ledger_log_bytes', 'Size of the ledger’s log (WAL)', sources.ledgerLogBytes);
	known('millrace_disk_free_bytes', 'Free space of the disk that content lies on', sources.diskFreeBytes);
	known('millrace_history_open', '1 while measures are kept', () => (sources.history().isOpen ? 1 : 0));
	known('millrace_history_bytes', 'Size of the history of measures', () => sources.history().bytes);
	counter('millrace_history_rows_lost_total', 'Measures that could not be kept', [], (set) =>
		set({}, sources.history().lost),
	);
	const waits = new Histogram({
		name: 'millrace_task_wait_seconds',
		help: 'From coming into line to the first start, by service class',
		labelNames: ['class'] as const,
		buckets: [0.01, 0.1, 0.5, 1, 5, 15, 60, 300, 1_800, 7_200, 43_200],
		registers: [registry],
	});
	const commits = new Histogram({
		name: 'millrace_ledger_commit_seconds',
		help: 'From a write’s going to the ledger’s thread to its being safe on disk, waiting included',
		buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3],
		registers: [registry],
	});
	return {
		waited: (serviceClass, ms) => waits.labels(serviceClass).observe(ms / 1_000),
		committed: (ms) => commits.observe(ms / 1_000),
	};
};

const age = (oldest: number): number => Math.max(0, (Date.now() - oldest) / 1_000);
