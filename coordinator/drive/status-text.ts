import type { TaskDetail } from '../../shared/protocol/task.ts';
import { isTemporary } from '../files/path-match.ts';
import type { TaskFacts } from '../jobs/task-facts.ts';
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
	/** What is known of the file by it. */
	told: TaskFacts | null;
}

/** Where the file lies. */
export interface StatusPlace {
	/** Null: beside the inboxes, in none of them. */
	inbox: string | null;
	/** Names of the recipes that run on it. */
	recipes: readonly string[];
	/** Names of all inboxes. */
	inboxes: readonly string[];
}

/** Inboxes that are named to whoever chooses one. */
const MOST_NAMED = 10;

/** For whoever opens it in any editor: how far the recipe is, with what came out, and what to do when it failed. */
export const statusText = (
	status: InboxStatus,
	{ inbox, recipes, inboxes }: StatusPlace,
	tasks: readonly StatusTask[],
): string => {
	if (recipes.length === 0) return nothingDone(inbox, inboxes);
	const head = headline(status, tasks);
	const lines = [`${head}\nRecipe: ${recipes.join(', ')}\n`];
	if (head === NOTHING) lines.push(...notForIt(status, recipes));
	if (status.heldUntil !== null) lines.push(whyHeld(status.file, status.heldUntil));
	for (const { state, reason } of status.firings) {
		if (state === 'waits-for-type') lines.push('It waits until it is known what kind of file this is.');
		if (reason !== null) lines.push(reason);
	}
	for (const task of tasks) lines.push(...taskLines(task));
	if (status.forgottenAt !== null)
		lines.push('What was done with it is no longer kept. Its results are where they were put.');
	return `${lines.join('\n')}\n`;
};

const NOTHING = 'NOTHING TO DO';

const nothingDone = (inbox: string | null, inboxes: readonly string[]): string => {
	const names = inboxes.slice(0, MOST_NAMED).join(', ') + (inboxes.length > MOST_NAMED ? ', …' : '');
	const move = names === '' ? 'Make a recipe: millrace recipes' : `Move the file into the folder of a recipe: ${names}`;
	if (inbox === null) return `${NOTHING}\nWhat lies in _inbox itself is worked on by no recipe.\n${move}\n`;
	return `${NOTHING}\nThere is no recipe ${inbox}.\n${move}\nOr make a recipe of that name: millrace recipes\n`;
};

const notForIt = ({ file }: InboxStatus, recipes: readonly string[]): string[] => [
	`No step of ${recipes.join(' or ')} is for ${file.mediaType === null ? 'this kind of file' : `a file of the kind ${file.mediaType}`}.`,
	'Move it into the folder of a recipe that takes it, or give this recipe a step for it: in the portal under Recipes, or millrace recipes',
];

/** Why nothing starts yet. */
const whyHeld = ({ name, size }: InboxStatus['file'], until: number): string => {
	const at = new Date(until).toISOString().replace('T', ' ').slice(0, 19);
	if (isTemporary(`/${name}`)) {
		return `Programs call a file so while they still write it. It starts when it is renamed, or as it is at ${at} UTC.`;
	}
	if (size === 0) {
		return `The file is empty, as programs make it before they write. It starts when its content comes, or empty at ${at} UTC.`;
	}
	return `A program has it open. It starts when the program closes it, or at ${at} UTC.`;
};

const headline = ({ firings, forgottenAt, heldUntil }: InboxStatus, tasks: readonly StatusTask[]): string => {
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
	if (tasks.length > 0 || forgottenAt !== null) return 'DONE';
	return firings.length > 0 ? 'NOT DONE' : NOTHING;
};

const taskLines = ({ task, results, unfiled, told }: StatusTask): string[] => {
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
				...(told === null ? [] : factLines(told)),
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

/** An agent's words: none of them begins a line of its own. */
const factLines = ({ facts, thumbnail }: TaskFacts): string[] => {
	const known = Object.entries(facts).map(([name, value]) => `${name}: ${String(value).replaceAll(/\p{C}/gu, ' ')}`);
	return [
		...(known.length === 0 ? [] : [`  ${known.join(', ')}`]),
		...(thumbnail === null ? [] : ['  a thumbnail, which the portal shows']),
	];
};

/** Cut or filled up to its size with spaces at its end, never within a character; one line end is the last of it. */
export const padded = (text: string): Buffer => {
	const bytes = Buffer.from(text.replace(/\n+$/, ''));
	let end = Math.min(bytes.length, STATUS_BYTES - 1);
	// The bytes of a character after its first begin with the bits 10.
	while (end < bytes.length && end > 0 && (bytes[end]! & 0xc0) === 0x80) end -= 1;
	return Buffer.concat([bytes.subarray(0, end), Buffer.alloc(STATUS_BYTES - end - 1, ' '), Buffer.from('\n')]);
};
