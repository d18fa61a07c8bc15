import { join } from 'node:path';
import type { ClassWait } from '../../shared/protocol/class-wait.ts';
import type { ThreadedLedger } from '../database/threaded-ledger.ts';
import type { OpenTask } from '../queue/open-task.ts';
import type { Queues } from '../queue/queues.ts';
import type { Logger } from '../report/logger.ts';
import type { WorkSources } from '../report/work-metrics.ts';
import type { TaskScheduler } from '../scheduler/task-scheduler.ts';
import { ClassWaits } from './class-waits.ts';
import { History } from './history.ts';
import { Monitor, type MonitorSources } from './monitor.ts';
import type { QueueBoard } from './queue-board.ts';
import { SelfMeter } from './self-meter.ts';
import type { TaskFlows } from './task-flows.ts';

type Measured =
	ReturnType<MonitorSources['nodes']> extends Iterable<infer One> ? One & { name: string; slots: number } : never;

/** The room that measures: history in a file of its own, and who looks each second at what the other rooms have. */
export const openMonitoring = (options: {
	/** Where the ledger lies. */
	folder: string;
	mostBytes: number;
	entry: URL;
	logger: Logger;
	ledger: Pick<ThreadedLedger, 'whenCommitted' | 'waiting'>;
	flows: TaskFlows;
	board: QueueBoard;
	agents: {
		nodes: { measured(): Iterable<Measured> };
		links: { ignored: number };
	};
	queues: Pick<Queues, 'rows'>;
	policies: { rules(): readonly { id: string }[] };
	scheduler: Pick<TaskScheduler<OpenTask>, 'insight' | 'size' | 'route'>;
	space: { measure(): Promise<{ free: number; watermark: number }> };
}) => {
	const { folder, mostBytes, entry, logger, ledger, flows, board, scheduler, queues, policies, space } = options;
	const { nodes, links } = options.agents;
	const history = new History({ file: join(folder, 'history.db'), entry, mostBytes, logger });
	const self = new SelfMeter({
		walFile: join(folder, 'ledger.db-wal'),
		space: () => space.measure(),
	});
	let onCommitted: (ms: number) => void = () => {};
	ledger.whenCommitted((ms) => {
		self.committed(ms);
		onCommitted(ms);
	});
	const waits = new ClassWaits();
	let onWaited: (serviceClass: string, ms: number) => void = () => {};
	flows.onWait = (serviceClass, ms) => {
		waits.add(serviceClass, ms);
		onWaited(serviceClass, ms);
	};
	const classNames = () => policies.rules().map(({ id }) => id);
	flows.begin();
	const monitor = new Monitor({
		...{ flows, self, history, board },
		sources: {
			nodes: () => nodes.measured(),
			queueNames: () => queues.rows.map(({ name }) => name),
			classNames,
			standing: () => scheduler.insight.standing(),
			depth: () => scheduler.size,
			running: () => scheduler.insight.running(),
			route: (routingKey) => scheduler.route(routingKey),
			ledgerWaiting: () => ledger.waiting.writes + ledger.waiting.reads,
		},
	});
	const workSources: WorkSources = {
		queues: () => [...flows.queues].map(([name, { totals }]) => [name, totals]),
		failed: () => flows.all.totals.failed,
		line: () => monitor.line,
		nodes: () => nodes.measured(),
		agentMessagesIgnored: () => links.ignored,
		ledgerLogBytes: () => self.walBytes,
		diskFreeBytes: () => self.diskFreeBytes,
		history: () => history,
	};
	return {
		history,
		/** How tasks of each class wait. */
		classWaits(): ClassWait[] {
			const names = classNames();
			waits.keep(new Set(names));
			return names.sort().map((serviceClass) => {
				const { depth = 0, oldest = null } = monitor.line.classes.get(serviceClass) ?? {};
				const oldestAt = oldest === null ? null : new Date(oldest).toISOString();
				return { serviceClass, ...waits.of(serviceClass), queued: depth, oldestAt };
			});
		},
		/** For Prometheus. */
		workSources,
		/** Tasks of each class that has any, as looked at within the last second. */
		tasksByClass: () => monitor.byClass,
		tellWaits(listener: (serviceClass: string, ms: number) => void): void {
			onWaited = listener;
		},
		tellCommits(listener: (ms: number) => void): void {
			onCommitted = listener;
		},
		async [Symbol.asyncDispose](): Promise<void> {
			await monitor[Symbol.asyncDispose]();
			await history[Symbol.asyncDispose]();
		},
	};
};
