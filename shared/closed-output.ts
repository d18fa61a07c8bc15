/** As `process.stdout` is. */
interface Output {
	on(event: 'error', listener: (error: Error & { code?: string }) => void): unknown;
}

/**
 * Whoever reads our output may stop reading, as `head` does: a command ends then, which is no failure, and what serves
 * goes on without being read.
 */
export const onClosedOutput = (output: Output, options: { serves: boolean; exit: (code: number) => void }): void => {
	output.on('error', ({ code }) => {
		const isClosed = code === 'EPIPE';
		if (isClosed && options.serves) return;
		options.exit(isClosed ? 0 : 1);
	});
};
