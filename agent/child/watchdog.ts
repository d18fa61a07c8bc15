import { Worker } from 'node:worker_threads';

const CHECK_EVERY_MS = 1_000;

/** As it was when this process began: of one that is gone there is nothing to compare with. */
const AGENT = process.ppid;

/** The process group of the command that runs, or 0; read by the watchdog's thread. */
const guarded = new Int32Array(new SharedArrayBuffer(4));

/** Names a further process group that must not outlive the agent; 0 ends that. */
export const guardGroup = (group: number): void => {
	Atomics.store(guarded, 0, group);
};

const CODE = `
	const { workerData } = require('node:worker_threads');
	const kill = (group) => {
		try {
			process.kill(-group, 'SIGKILL');
		} catch (error) {
			if (error.code !== 'ESRCH') throw error;
		}
	};
	setInterval(() => {
		if (process.ppid === workerData.agent) return;
		const group = Atomics.load(workerData.guarded, 0);
		if (group > 0) kill(group);
		kill(process.pid);
	}, ${CHECK_EVERY_MS});
`;

let isWatched = false;

/**
 * Kills this process's group, and a command's, when the agent is gone. A thread of its own does it, because a task
 * that keeps the main thread busy hears no `disconnect`. Does nothing when it has been started.
 */
export const startWatchdog = (): void => {
	if (isWatched) return;
	isWatched = true;
	const worker = new Worker(CODE, {
		eval: true,
		execArgv: [],
		resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 2 },
		workerData: { agent: AGENT, guarded },
	});
	worker.unref();
	worker.on('error', (error) => {
		throw error;
	});
};

/** The agent is gone: ends the command's processes and this one. */
export const endEverything = (): void => {
	const group = Atomics.load(guarded, 0);
	for (const target of group > 0 ? [group, process.pid] : [process.pid]) {
		try {
			process.kill(-target, 'SIGKILL');
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
		}
	}
};
