import type { Database } from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import type { Json } from '../../shared/protocol/json.ts';
import type { NewTask } from '../queue/submit-store.ts';
import { leftOf, mostOfRun } from './allowance.ts';
import { endOfMonth, monthOf } from './month.ts';
import { prepareSourceBySeq, type SourceRow } from './source-row.ts';
import { prepareUseOf } from './use-store.ts';

/** Ended runs of a source that are remembered. */
const MOST_RUNS = 1_000;

/** A task that is about to be stored, and what is to be called with its number when it is. */
export interface Begun {
	task: NewTask;
	stored: (taskSeq: number) => void;
}

/**
 * Gives a task of a source where the source was left and how much it may take, inside the transaction that stores the
 * task; what it may take is reserved in the month that is now (UTC). Other tasks stay as they are. Throws `source-stopped`,
 * `source-capped`, or `source-running`: there is one run of a source at a time.
 */
export const prepareSourceStart = (db: Database): ((task: NewTask, now: number) => Begun) => {
	const find = prepareSourceBySeq(db);
	const taken = prepareUseOf(db);
	const running = db
		.prepare(
			`SELECT t.id FROM source_runs r JOIN tasks t ON t.seq = r.task_seq
			 WHERE r.source_seq = ? AND r.state = 'open' AND t.finished_at IS NULL LIMIT 1`,
		)
		.pluck();
	const insert = db.prepare(
		`INSERT INTO source_runs (task_seq, source_seq, cursor_version, month, reserved, price_micros, state, started_at)
		 VALUES (@taskSeq, @sourceSeq, @cursorVersion, @month, @reserved, @priceMicros, 'open', @now)`,
	);
	const forget = db.prepare(
		`DELETE FROM source_runs WHERE source_seq = @seq AND state <> 'open' AND task_seq <=
		   (SELECT task_seq FROM source_runs WHERE source_seq = @seq ORDER BY task_seq DESC LIMIT 1 OFFSET ${MOST_RUNS})`,
	);
	return (task, now) => {
		const { origin } = task;
		if (!origin || origin.sourceSeq === null) return { task, stored: () => {} };
		const source = find(origin.sourceSeq);
		if (!source) throw new CodedError('not-found', 'The source is gone.');
		const { seq, name, cursor, cursorVersion, priceMicros } = source;
		if (source.state === 'stopped') {
			throw new CodedError('source-stopped', `The source ${name} is stopped: ${source.reason}`);
		}
		const id = running.get(seq) as string | undefined;
		if (id !== undefined) throw new CodedError('source-running', `The source ${name} is running already: ${id}.`);
		const month = monthOf(now);
		const left = leftOf(source, taken(seq, month));
		if (left === 0) throw capped(source, month);
		const most = mostOfRun(left, JSON.parse(task.parameters));
		const given = origin.given as Record<string, Json> | null;
		const position = { cursor: cursor === null ? null : (JSON.parse(cursor) as Json), left: most };
		return {
			task: { ...task, origin: { ...origin, given: { ...given, source: position } } },
			stored(taskSeq) {
				insert.run({ taskSeq, sourceSeq: seq, cursorVersion, month, reserved: most ?? 0, priceMicros, now });
				forget.run({ seq });
			},
		};
	};
};

const capped = ({ name }: SourceRow, month: number): CodedError => {
	const from = new Date(endOfMonth(month)).toISOString().slice(0, 10);
	return new CodedError(
		'source-capped',
		`The source ${name} has had as much as it may this month; it goes on from ${from} (UTC). Raise its cap to go on now.`,
	);
};
