import { parentPort, workerData } from 'node:worker_threads';
import { Executor, toPlainError } from '../database/execute.ts';
import { serveGroups, type ThreadData } from '../database/ledger-thread-server.ts';
import { HISTORY_OPERATIONS } from './history-store.ts';
import { openHistory } from './open-history.ts';

/** The body of the thread that has the history's file: alone, so that neither the event loop nor the ledger waits for it. */
export const serveHistory = (): void => {
	const port = parentPort;
	if (!port) throw new Error('this file is the entry of a thread');
	const { file } = workerData as ThreadData;
	try {
		const db = openHistory(file);
		port.on('close', () => db.close());
		serveGroups(port, new Executor(db, HISTORY_OPERATIONS, 'write'));
		port.postMessage({ ready: true });
	} catch (error) {
		port.postMessage({ failed: toPlainError(error) });
	}
};
