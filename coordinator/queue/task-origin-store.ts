import type { Database } from 'better-sqlite3';
import type { Json } from '../../shared/protocol/json.ts';

/** Why a task was made, when nobody submitted it by itself, and what is to become of what comes out of it. */
export interface TaskOrigin {
	cause: 'upload' | 'update' | 'access' | 'result' | 'schedule' | 'demand' | 'backfill' | 'again';
	/** Public id of the recipe, its version, and which of its steps. */
	recipe: string | null;
	recipeVersion: number | null;
	step: number | null;
	triggerSeq: number | null;
	scheduleSeq: number | null;
	sourceSeq: number | null;
	/** Seqs of the triggers that led here, oldest first. */
	lineage: readonly number[];
	/** Where outputs go; null: they stay with the task. */
	filing: Json;
	/** What it is given beside its inputs and parameters; null: nothing. */
	given: Json;
}

/** The origin of what was asked for directly by this cause. */
export const plainOrigin = (cause: TaskOrigin['cause']): TaskOrigin => ({
	cause,
	recipe: null,
	recipeVersion: null,
	step: null,
	triggerSeq: null,
	scheduleSeq: null,
	sourceSeq: null,
	lineage: [],
	filing: null,
	given: null,
});

interface Row extends Omit<TaskOrigin, 'lineage' | 'filing' | 'given'> {
	lineage: string;
	filing: string | null;
	given: string | null;
}

/** Why a task is there; null: somebody submitted it by itself. */
export const prepareReadOrigin = (db: Database): ((taskSeq: number) => TaskOrigin | null) => {
	const select = db.prepare(
		`SELECT cause, recipe, recipe_version AS recipeVersion, step, trigger_seq AS triggerSeq, schedule_seq AS scheduleSeq,
		        source_seq AS sourceSeq, lineage, filing, given FROM task_origins WHERE task_seq = ?`,
	);
	return (taskSeq) => {
		const row = select.get(taskSeq) as Row | undefined;
		if (!row) return null;
		return { ...row, lineage: JSON.parse(row.lineage), filing: value(row.filing), given: value(row.given) };
	};
};

const value = (written: string | null): Json => (written === null ? null : (JSON.parse(written) as Json));
const text = (value: Json): string | null => (value === null ? null : JSON.stringify(value));

/** Writes down a task's origin in the transaction that makes it. */
export const prepareTaskOrigin = (db: Database): ((taskSeq: number, origin: TaskOrigin) => void) => {
	const insert = db.prepare('INSERT INTO task_origins VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
	return (taskSeq, origin) => {
		const { cause, recipe, recipeVersion, step, triggerSeq, scheduleSeq, sourceSeq, lineage, filing, given } = origin;
		const steps = [recipe, recipeVersion, step, triggerSeq, scheduleSeq, sourceSeq];
		insert.run(taskSeq, cause, ...steps, JSON.stringify(lineage), text(filing), text(given));
	};
};
