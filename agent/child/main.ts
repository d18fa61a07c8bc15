import type { ToChild } from '../tasks/child-messages.ts';
import { RunQueue } from './run-queue.ts';
import { send } from './send.ts';
import { endEverything, startWatchdog } from './watchdog.ts';

// What a process does that runs tasks for an agent: it takes runs, answers, and lives no longer than the agent.
const queue = new RunQueue(send);
process.on('message', (message: ToChild) => {
	// Who waits, or is at what takes microseconds, hears that the agent is gone; the thread is a third of a child's start.
	if ('runs' in message && !message.areInstant) startWatchdog();
	queue.handle(message);
});
process.on('disconnect', endEverything);
// The agent decides when a child ends; Ctrl-C at the terminal reaches the whole group and must not.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
