import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/** In a worker, so that the page stays smooth; reads the file in pieces, so that memory stays small. */
self.addEventListener('message', (event: MessageEvent<{ ask: number; file: Blob }>) => {
	void hash(event.data.file).then(
		(hex) => self.postMessage({ ask: event.data.ask, hex }),
		() => self.postMessage({ ask: event.data.ask, hex: null }),
	);
});

const hash = async (file: Blob): Promise<string> => {
	const hasher = sha256.create();
	const reader = file.stream().getReader();
	for (;;) {
		const { done, value } = await reader.read();
		if (done) return bytesToHex(hasher.digest());
		hasher.update(value);
	}
};
