import type { Database } from 'better-sqlite3';
import type { Use } from './allowance.ts';

/** What a source has taken in a month, and what its open runs may still take. */
export const prepareUseOf = (db: Database): ((sourceSeq: number, month: number) => Use) => {
	const used = db.prepare(
		'SELECT items, spend_micros AS spendMicros FROM source_use WHERE source_seq = ? AND month = ?',
	);
	const reserved = db.prepare(
		`SELECT coalesce(sum(reserved), 0) AS reserved, coalesce(sum(reserved * price_micros), 0) AS reservedMicros
		 FROM source_runs WHERE source_seq = ? AND state = 'open' AND month = ?`,
	);
	return (sourceSeq, month) => {
		const taken = used.get(sourceSeq, month) as Pick<Use, 'items' | 'spendMicros'> | undefined;
		const open = reserved.get(sourceSeq, month) as Pick<Use, 'reserved' | 'reservedMicros'>;
		return { ...(taken ?? { items: 0, spendMicros: 0 }), ...open };
	};
};

/** An open run, as it is ended. */
export interface OpenRun {
	taskSeq: number;
	sourceSeq: number;
	cursorVersion: number;
	month: number;
	reserved: number;
	priceMicros: number;
}

/** The open run that a task is; null when it is none, or its source is gone. */
export const prepareOpenRun = (db: Database): ((taskSeq: number) => OpenRun | null) => {
	const find = db.prepare(
		`SELECT task_seq AS taskSeq, source_seq AS sourceSeq, cursor_version AS cursorVersion, month, reserved,
		        price_micros AS priceMicros FROM source_runs WHERE task_seq = ? AND state = 'open'`,
	);
	return (taskSeq) => (find.get(taskSeq) as OpenRun | undefined) ?? null;
};

/** What became of a run. */
export interface RunOver {
	state: 'done' | 'late' | 'unusable' | 'failed';
	/** What it brought into the dataset, or would have. */
	items: number;
	/** Items that were read, or may have been: what counts against the cap. */
	taken: number;
	more: boolean;
	note: string | null;
	datasetVersion: number | null;
	now: number;
}

const MOST_NOTE = 1_000;

/** Ends a run: what it took is counted in the month that it was reserved in, and its reservation is gone. */
export const prepareEndRun = (db: Database): ((run: OpenRun, over: RunOver) => void) => {
	const end = db.prepare(
		`UPDATE source_runs SET state = @state, items = @items, more = @more, note = @note, dataset_version = @datasetVersion,
		   finished_at = @now WHERE task_seq = @taskSeq AND state = 'open'`,
	);
	const count = db.prepare(
		`INSERT INTO source_use (source_seq, month, items, spend_micros) VALUES (@sourceSeq, @month, @taken, @spend)
		 ON CONFLICT DO UPDATE SET items = items + @taken, spend_micros = spend_micros + @spend`,
	);
	return ({ taskSeq, sourceSeq, month, priceMicros }, { taken, more, note, ...over }) => {
		end.run({ ...over, taskSeq, more: more ? 1 : 0, note: note?.slice(0, MOST_NOTE) ?? null });
		if (taken > 0) count.run({ sourceSeq, month, taken, spend: taken * priceMicros });
	};
};
