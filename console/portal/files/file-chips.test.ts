import { describe, expect, it } from 'vitest';
import type { FileTask } from '../../../shared/protocol/file.ts';
import { newestOfEach } from './file-chips.tsx';

const task = (id: string, type: string, state: FileTask['state']): FileTask => ({
	id,
	type,
	state,
	version: 1,
	progress: null,
});

describe('the chips of a file', () => {
	it('show the newest run of each task type, what needs attention first', () => {
		const tasks = [
			task('tsk_3', 'md5', 'succeeded'),
			task('tsk_1', 'thumbnail', 'failed'),
			task('tsk_4', 'thumbnail', 'running'),
			task('tsk_2', 'mimetype', 'failed'),
		];
		expect(newestOfEach(tasks).map(({ id }) => id)).toEqual(['tsk_2', 'tsk_4', 'tsk_3']);
	});
});
