import type { CoordinatorConfig } from './config/coordinator-config.ts';
import { Diagnosis } from './diagnosis/diagnosis.ts';
import { historySection, liveSections, logSection, settingsSection } from './diagnosis/live-sections.ts';
import { ledgerSections } from './diagnosis/sections.ts';
import type { RecentLines } from './report/recent-lines.ts';
import type { Rooms } from './rooms.ts';

/** Builds what makes a diagnosis of the coordinator that runs. */
export const openDiagnosis = (parts: {
	config: CoordinatorConfig;
	rooms: Rooms;
	recentLog: RecentLines;
}): Diagnosis => {
	const { config, rooms, recentLog } = parts;
	const { ledger, health, monitoring, scheduler, queue, agents } = rooms;
	return new Diagnosis([
		...ledgerSections({ ledger, data: config.data, madeBy: 'the coordinator that runs' }),
		settingsSection(config, 'the coordinator that runs'),
		...liveSections({
			health,
			standing: () => ({
				queues: scheduler.queueDepths(),
				numbers: {
					...{ inLine: scheduler.size, running: queue.running, ledgerWaiting: ledger.waiting },
					...{ nodes: agents.nodes.countByState(), agentMessagesIgnored: agents.links.ignored },
				},
			}),
		}),
		historySection((from, to, resolution) => {
			const query = { from: new Date(from).toISOString(), to: new Date(to).toISOString(), resolution };
			return monitoring.history.read('coordinator', '', query, to);
		}),
		logSection(async () => recentLog.lines),
	]);
};
