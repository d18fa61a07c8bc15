import { describe, expect, it } from 'vitest';
import { parseByteSize } from './byte-size.ts';

describe('sizes', () => {
	it('are numbers with or without a unit', () => {
		const sizes = {
			'0': 0,
			'1000': 1000,
			'2GB': 2e9,
			'2 gb': 2e9,
			'500MB': 5e8,
			'1k': 1000,
			'1KiB': 1024,
			'1.5MiB': 1_572_864,
			'3B': 3,
		};
		for (const [text, bytes] of Object.entries(sizes)) expect(parseByteSize(text), text).toBe(bytes);
		for (const text of ['', 'x', '-1', '1XB', '1e9', 'GB', '1 2']) expect(parseByteSize(text), text).toBeNull();
	});
});
