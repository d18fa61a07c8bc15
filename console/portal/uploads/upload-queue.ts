import type { FileTask, UploadAnswer } from '../../../shared/protocol/file.ts';
import { isFinalTaskState } from '../../../shared/protocol/task.ts';
import { nextName } from './keep-both.ts';
import { type ConflictChoice, isActive, isMoving, isOver, type UploadItem } from './upload-item.ts';

/** All uploads of this page, in the order in which they were added. */
export interface UploadQueue {
	items: readonly UploadItem[];
	/** Decided for all conflicts to come, until the queue is empty. */
	forAll: ConflictChoice | null;
}

export const EMPTY_QUEUE: UploadQueue = { items: [], forAll: null };

export type UploadEvent =
	| { kind: 'added'; items: readonly UploadItem[] }
	| { kind: 'found'; id: string }
	| { kind: 'preparing' | 'sending'; id: string }
	| { kind: 'progressed'; id: string; sent: number }
	| { kind: 'stored'; id: string; answer: UploadAnswer }
	| { kind: 'already-there'; id: string }
	| { kind: 'taken'; id: string }
	| { kind: 'cut'; id: string; problem: string }
	| { kind: 'failed'; id: string; problem: string }
	| { kind: 'retry-due'; id: string }
	| { kind: 'tasks'; changed: ReadonlyMap<string, FileTask>; byFile: ReadonlyMap<string, readonly FileTask[]> }
	| { kind: 'pause' | 'resume' | 'retry'; ids: readonly string[] | 'all' }
	| { kind: 'remove'; ids: readonly string[] | 'all' }
	| { kind: 'decide'; id: string; choice: ConflictChoice; forAll: boolean }
	| { kind: 'clear-over' };

/** The queue after an event. Events that do not fit an item's state (late answers, double clicks) change nothing. */
export const reduceUploads = (queue: UploadQueue, event: UploadEvent): UploadQueue => {
	switch (event.kind) {
		case 'added':
			return { ...queue, items: [...queue.items, ...event.items] };
		case 'remove':
			return settle({ ...queue, items: queue.items.filter((item) => !fits(item, event.ids)) });
		case 'clear-over':
			return settle({ ...queue, items: queue.items.filter((item) => !isOver(item)) });
		case 'decide':
			return decide(queue, event);
		case 'pause':
		case 'resume':
		case 'retry': {
			const { kind, ids } = event;
			return mapItems(queue, (item) => (fits(item, ids) ? steer(item, kind) : item));
		}
		case 'tasks':
			return mapItems(queue, (item) => withTasks(item, event.changed, event.byFile));
		default:
			return mapItems(queue, (item) => (item.id === event.id ? step(item, event, queue.forAll) : item));
	}
};

type StepEvent = Exclude<
	UploadEvent,
	{ kind: 'added' | 'remove' | 'clear-over' | 'decide' | 'pause' | 'resume' | 'retry' | 'tasks' }
>;

const step = (item: UploadItem, event: StepEvent, forAll: ConflictChoice | null): UploadItem => {
	switch (event.kind) {
		case 'found':
			return item.state === 'needs-file' ? { ...item, state: 'queued' } : item;
		case 'retry-due':
			return item.state === 'retrying' ? { ...item, state: 'queued' } : item;
		case 'preparing':
			return item.state === 'queued' ? { ...item, state: 'preparing', problem: null } : item;
		case 'sending':
			return item.state === 'preparing' ? { ...item, state: 'sending' } : item;
		case 'progressed': {
			if (item.state !== 'sending') return item;
			const sent = Math.min(event.sent, item.size);
			return { ...item, sent, tries: sent > item.sent ? 0 : item.tries };
		}
		case 'stored':
			return isActive(item) ? stored(item, event.answer) : item;
		case 'already-there':
			return isActive(item) ? { ...item, state: 'done', sent: item.size, already: true } : item;
		case 'taken':
			if (!isActive(item)) return item;
			if (item.rule === 'keep-both') return keepBoth(item);
			return forAll === null ? { ...item, state: 'conflict', sent: 0 } : choose(item, forAll);
		case 'cut':
			return isActive(item) ? { ...item, state: 'retrying', tries: item.tries + 1, problem: event.problem } : item;
		case 'failed':
			return isMoving(item) ? { ...item, state: 'failed', problem: event.problem } : item;
	}
};

const stored = (item: UploadItem, { file, tasks }: UploadAnswer): UploadItem => {
	const begun = tasks.map((task) => ({ ...task, version: 0, progress: null }));
	return finishIfProcessed({
		...item,
		state: 'processing',
		sent: item.size,
		problem: null,
		fileId: file.id,
		path: file.path,
		tasks: begun,
	});
};

const finishIfProcessed = (item: UploadItem): UploadItem =>
	item.state === 'processing' && item.tasks.every(({ state }) => isFinalTaskState(state))
		? { ...item, state: 'done' }
		: item;

const withTasks = (
	item: UploadItem,
	changed: ReadonlyMap<string, FileTask>,
	byFile: ReadonlyMap<string, readonly FileTask[]>,
): UploadItem => {
	if (item.fileId === null) return item;
	let { tasks } = item;
	for (const [at, task] of item.tasks.entries()) {
		const news = changed.get(task.id);
		if (news && news.version > task.version) tasks = tasks.with(at, news);
	}
	for (const task of byFile.get(item.fileId) ?? [])
		if (!tasks.some(({ id }) => id === task.id)) tasks = [...tasks, task];
	return tasks === item.tasks ? item : finishIfProcessed({ ...item, tasks });
};

const steer = (item: UploadItem, act: 'pause' | 'resume' | 'retry'): UploadItem => {
	switch (act) {
		case 'pause':
			return isMoving(item) ? { ...item, state: 'paused', problem: null } : item;
		case 'resume':
			return item.state === 'paused' ? { ...item, state: 'queued', tries: 0 } : item;
		case 'retry':
			return item.state === 'failed' || item.state === 'retrying'
				? { ...item, state: 'queued', tries: 0, problem: null }
				: item;
	}
};

const keepBoth = (item: UploadItem): UploadItem => {
	const path = nextName(item.path);
	return {
		...item,
		path,
		name: path.slice(path.lastIndexOf('/') + 1),
		rule: 'keep-both',
		state: 'queued',
		sent: 0,
		problem: null,
	};
};

const choose = (item: UploadItem, choice: ConflictChoice): UploadItem => {
	if (choice === 'skip') return { ...item, state: 'skipped', sent: 0 };
	return choice === 'keep-both' ? keepBoth(item) : { ...item, rule: 'replace', state: 'queued', sent: 0 };
};

const decide = (queue: UploadQueue, event: Extract<UploadEvent, { kind: 'decide' }>): UploadQueue => {
	const concerned = (item: UploadItem) => item.state === 'conflict' && (event.forAll || item.id === event.id);
	const decided = mapItems(queue, (item) => (concerned(item) ? choose(item, event.choice) : item));
	return event.forAll ? { ...decided, forAll: event.choice } : decided;
};

const fits = (item: UploadItem, ids: readonly string[] | 'all'): boolean => ids === 'all' || ids.includes(item.id);

/** A decision for all ends with the last upload. */
const settle = (queue: UploadQueue): UploadQueue => (queue.items.length === 0 ? EMPTY_QUEUE : queue);

const mapItems = (queue: UploadQueue, change: (item: UploadItem) => UploadItem): UploadQueue => {
	let changed = false;
	const items = queue.items.map((item) => {
		const after = change(item);
		if (after !== item) changed = true;
		return after;
	});
	return changed ? { ...queue, items } : queue;
};
