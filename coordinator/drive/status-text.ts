import type { TaskDetail } from '../../shared/protocol/task.ts';
import { isTemporary } from '../files/path-match.ts';
import type { InboxStatus } from './inbox-store.ts';

/** Every status has this size at any time: a client that has looked at the size before it reads gets all of it. */
export const STATUS_BYTES = 1_024;

/** A task with what came out of it. */
export interface StatusTask {
	task: Pick<TaskDetail, 'id' | 'type' | 'state' | 'progress' | 'phase' | 'node' | 'waitingBecause' | 'error'>;
	/** Paths of the files that were made of its outputs. */
	results: readonly string[];
	/** Why outputs stay with their task. */
	unfiled: readonly string[];
}

/** For whoever opens it in any editor: how far the recipe is, with what came out, and what to do when it failed. */
export const statusText = (
	status: InboxStatus,
	inbox: string,
	recipes: readonly string[],
	tasks: readonly StatusTask[],
): string => {
	if (recipes.length === 0) {
		return `Nothing is done here: there is no recipe ${inbox}.\nMake one of that name (millrace recipes), or move the file into the folder of a recipe.\n`;
	}
	const lines = [`${headline(status, tasks)}\nRecipe: ${recipes.join(', ')}\n`];
	if (status.heldUntil !== null) {
		const at = new Date(status.heldUntil).toISOString().replace('T', ' ').slice(0, 16);
		const when = isTemporary(`/${status.file.name}`)
			? 'Its name is one of what is not done yet: it starts when the file gets its own'
			: 'It starts when the program that wrote the file closes it';
		lines.push(`${when}, or at ${at} UTC.`);
	}
	for (const { state, reason } of status.firings) {
		if (state === 'waits-for-type') lines.push('It waits until it is known what kind of file this is.');
		if (reason !== null) lines.push(reason);
	}
	for (const task of tasks) lines.push(...taskLines(task));
	return `${lines.join('\n')}\n`;
};

const headline = ({ firings, heldUntil }: InboxStatus, tasks: readonly StatusTask[]): string => {
	const states = tasks.map(({ task }) => task.state);
	const count = (...wanted: string[]): number => states.filter((state) => wanted.includes(state)).length;
	const running = tasks.filter(({ task }) => task.state === 'running');
	if (running.length > 0) {
		const sum = running.reduce((total, { task }) => total + (task.progress ?? 0), count('succeeded'));
		return `RUNNING ${Math.floor((100 * sum) / tasks.length)} %`;
	}
	if (count('waiting', 'queued', 'retrying') > 0) return 'WAITING';
	if (count('failed', 'quarantined', 'expired') > 0) return 'FAILED';
	if (count('cancelled') > 0) return 'CANCELLED';
	if (heldUntil !== null || firings.some(({ state }) => state === 'waits-for-type')) return 'WAITING';
	if (tasks.length > 0) return 'DONE';
	return firings.length > 0 ? 'NOT DONE' : 'NOTHING TO DO: no step of the recipe is for this kind of file.';
};

const taskLines = ({ task, results, unfiled }: StatusTask): string[] => {
	const { id, type, state, progress, phase, node, waitingBecause, error } = task;
	switch (state) {
		case 'running': {
			const how = [progress === null ? null : `${Math.floor(progress * 100)} %`, phase].filter((part) => part !== null);
			return [`${type}: running${how.length > 0 ? ` (${how.join(', ')})` : ''}${node === null ? '' : ` on ${node}`}`];
		}
		case 'waiting':
		case 'queued':
		case 'retrying':
			return [`${type}: waiting. ${waitingBecause ?? ''}`.trimEnd()];
		case 'succeeded':
			return [
				`${type}: done`,
				...results.map((path) => `  -> ${path}`),
				...unfiled.map((reason) => `  not filed: ${reason} Its outputs are kept: millrace task ${id} --file FOLDER`),
			];
		case 'cancelled':
			return [`${type}: cancelled. To run it again: millrace task ${id} --retry`];
		default:
			return [
				`${type}: ${state}. ${error?.message ?? ''}`.trimEnd(),
				`  Save a corrected file here, or run it again: millrace task ${id} --retry`,
			];
	}
};

/** Cut or filled up to its size, never within a character. */
export const padded = (text: string): Buffer => {
	const bytes = Buffer.from(text);
	let end = Math.min(bytes.length, STATUS_BYTES);
	// The bytes of a character after its first begin with the bits 10.
	while (end < bytes.length && end > 0 && (bytes[end]! & 0xc0) === 0x80) end -= 1;
	return Buffer.concat([bytes.subarray(0, end), Buffer.alloc(STATUS_BYTES - end, '\n')]);
};
