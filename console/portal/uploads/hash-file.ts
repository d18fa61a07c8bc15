/** Beyond this, hashing would hold the upload up longer than it is worth; the server hashes everything anyway. */
const MOST_BYTES = 256 * 1024 * 1024;

const waiting = new Map<number, (hex: string | null) => void>();
let worker: Worker | null = null;
let asks = 0;

const theWorker = (): Worker => {
	if (worker !== null) return worker;
	worker = new Worker(new URL('./hash-worker.ts', import.meta.url), { type: 'module' });
	worker.addEventListener('message', (event: MessageEvent<{ ask: number; hex: string | null }>) => {
		waiting.get(event.data.ask)?.(event.data.hex);
		waiting.delete(event.data.ask);
	});
	worker.addEventListener('error', () => {
		// Uploads go on without a declared hash; the server still checks what it stores.
		for (const answer of waiting.values()) answer(null);
		waiting.clear();
	});
	return worker;
};

/** SHA-256 in hexadecimal; null for very large files, and where the browser cannot. */
export const hashFile = (file: Blob): Promise<string | null> => {
	if (file.size > MOST_BYTES) return Promise.resolve(null);
	asks += 1;
	const ask = asks;
	return new Promise((resolve) => {
		waiting.set(ask, resolve);
		theWorker().postMessage({ ask, file });
	});
};
