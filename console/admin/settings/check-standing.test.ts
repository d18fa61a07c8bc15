import { expect, test } from 'vitest';
import type { BackupCheck } from '../../../shared/protocol/backup.ts';
import { standingOf } from './check-standing.ts';

const check = (parts: Partial<BackupCheck>): BackupCheck => ({
	...{ backup: 'b', startedAt: '', finishedAt: '2030-01-01T00:00:00Z', done: 1, of: 2, violations: [], error: null },
	...parts,
});

test('a backup is whole only when it was read to its end and nothing was wrong', () => {
	expect(standingOf(undefined)).toBe('none');
	expect(standingOf(check({ finishedAt: null }))).toBe('checking');
	expect(standingOf(check({}))).toBe('whole');
	expect(standingOf(check({ violations: ['a byte'] }))).toBe('damaged');
	expect(standingOf(check({ violations: null }))).toBe('failed');
	expect(standingOf(check({ violations: null, error: 'gone' }))).toBe('failed');
});
