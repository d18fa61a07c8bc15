const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Calls back on every signal to end, and when `agent multi`, which has started this process, is gone. The answer ends
 * that.
 */
export const onStop = (onSignal: () => void, onOrphaned: () => void): (() => void) => {
	for (const signal of SIGNALS) process.on(signal, onSignal);
	// There is a channel only below `agent multi`.
	if (process.channel) process.on('disconnect', onOrphaned);
	return () => {
		for (const signal of SIGNALS) process.off(signal, onSignal);
		process.off('disconnect', onOrphaned);
	};
};
