import { expect, test } from 'vitest';
import { storageText } from './storage-text.ts';

const storage = { files: 3, usedBytes: 1_500_000, quotaFiles: null, quotaBytes: null, nearlyFull: false };

test('what files take is told with what they may take, where there is a limit', () => {
	expect(storageText(storage)).toBe('3 files, 1.5 MB');
	expect(storageText({ ...storage, quotaBytes: 2_000_000 })).toBe('3 files, 1.5 MB of 2.0 MB');
	expect(storageText({ ...storage, quotaFiles: 10 })).toBe('3 of 10 files, 1.5 MB');
});
