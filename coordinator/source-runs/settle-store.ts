import type { Database } from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import { prepareAudit } from '../audit/audit-store.ts';
import { SYSTEM } from '../audit/doer.ts';
import { prepareAppendVersion } from '../datasets/append-store.ts';
import { prepareRequireQuota, type Quota } from '../files/quota-store.ts';
import type { SettleItem } from '../queue/lease-store.ts';
import { readAnswer } from './answer.ts';
import type { Brought } from './item-line.ts';
import { partPath, timeOfPart } from './part-path.ts';
import { prepareSourceBySeq, type SourceRow } from './source-row.ts';
import { prepareStopSource } from './stop-store.ts';
import { type OpenRun, prepareEndRun, prepareOpenRun, type RunOver } from './use-store.ts';

/** An output that has been put into the blob store. */
interface PutOutput {
	name: string;
	sha256: string;
	size: number;
	sniffed: string | null;
}

/** A run of a source that has succeeded. */
export interface SourceSettled {
	item: SettleItem;
	outputs: readonly PutOutput[];
	/** What the owner's class gives; null: no limit. */
	quota: Quota | null;
	/** As it was counted here. */
	brought: Brought;
	/** Items that it was to bring at most; null: any number. */
	most: number | null;
}

const counted = (items: number): string => (items === 1 ? '1 item' : `${items} items`);

/**
 * Takes what a run of a source has brought, in the transaction that says that its task has succeeded: the cursor moves on
 * from where the run began, and its items become the dataset's next version; both or neither. A run that began before
 * a reset is late: what it brought stays with its task. What cannot be taken stops the source, which would pay for it
 * again and again.
 */
export const prepareSourceSettled = (db: Database): ((settled: SourceSettled) => void) => {
	const openRun = prepareOpenRun(db);
	const find = prepareSourceBySeq(db);
	const end = prepareEndRun(db);
	const stop = prepareStopSource(db);
	const take = prepareTake(db);
	return (settled) => {
		const { item, brought } = settled;
		const run = openRun(item.seq);
		const source = run && find(run.sourceSeq);
		// Deleted meanwhile, or no run of a source at all.
		if (!run || !source) return;
		const now = item.finishedAt;
		const answer = readAnswer(item.result);
		const over = { items: brought.items, taken: brought.items, more: answer?.more ?? false, datasetVersion: null, now };
		const refuse = (why: string, taken: number, whatToDo: string): void => {
			end(run, { ...over, state: 'unusable', taken, note: why });
			stop({ seq: source.seq, reason: `${why} ${whatToDo}`, tell: true, by: SYSTEM, now });
		};
		const trouble = troubleOf(settled, answer !== null);
		if (trouble !== null || answer === null) {
			const why = `What the last run brought could not be taken: ${trouble}.`;
			refuse(why, Math.max(run.reserved, brought.items), 'Have its node looked at, then resume the source.');
			return;
		}
		try {
			end(run, { ...over, ...take({ run, source, settled, cursor: answer.cursor, note: answer.note }) });
		} catch (error) {
			// The ledger's own trouble undoes all; what is the person's to put right does not.
			if (!(error instanceof CodedError)) throw error;
			refuse(error.message, brought.items, 'Put that right, then resume the source: it goes on from where it was.');
		}
	};
};

const troubleOf = ({ brought, most }: SourceSettled, hasAnswer: boolean): string | null => {
	if (!hasAnswer) return 'it does not say where it is to go on';
	if (brought.trouble !== null) return brought.trouble;
	if (most === null || brought.items <= most) return null;
	return `it has ${counted(brought.items)}, and was to bring ${most} at most`;
};

interface Take {
	run: OpenRun;
	source: SourceRow;
	settled: SourceSettled;
	cursor: string;
	note: string | null;
}
type Taken = Pick<RunOver, 'state' | 'note' | 'datasetVersion'>;

const LATE = 'The source was reset while it ran: what it brought is with its task only.';

const prepareTake = (db: Database): ((take: Take) => Taken) => {
	const move = db.prepare(
		`UPDATE sources SET cursor = @cursor, cursor_version = cursor_version + 1, last_ok_at = @now
		 WHERE seq = @seq AND cursor_version = @cursorVersion`,
	);
	const newestPart = db
		.prepare(`SELECT max(path) FROM dataset_entries WHERE dataset_seq = ? AND path > 'items/' AND path < 'items0'`)
		.pluck();
	const append = prepareAppendVersion(db);
	const requireQuota = prepareRequireQuota(db);
	const audit = prepareAudit(db);
	const take = ({ run, source, settled, cursor, note }: Take): Taken => {
		const { item, outputs, quota, brought } = settled;
		const { seq, id, datasetSeq, ownerSeq, name, owner } = source;
		const now = item.finishedAt;
		if (move.run({ seq, cursor, now, cursorVersion: run.cursorVersion }).changes === 0) {
			return { state: 'late', note: LATE, datasetVersion: null };
		}
		if (brought.items === 0) return { state: 'done', note, datasetVersion: null };
		const bytes = outputs.reduce((sum, { size }) => sum + size, 0);
		if (quota) requireQuota(ownerSeq, quota, { bytes, files: 0 });
		// Later than the part before, whatever the clock says: no part takes another one's place.
		const before = timeOfPart((newestPart.get(datasetSeq) as string | null) ?? '') ?? 0;
		const at = Math.max(now, before + 1);
		const entries = outputs.map(({ name: output, sha256, size, sniffed }) => ({
			...{ path: partPath(output, at), sha256, size },
			mediaType: output === 'items.jsonl' ? 'application/x-ndjson' : sniffed,
		}));
		const told = `${counted(brought.items)} of ${name}`;
		const datasetVersion = append({ datasetSeq, entries, by: owner, note: told, now });
		const detail = { items: brought.items, datasetVersion };
		audit({ at: now, actor: owner, address: '', action: 'source.gather', object: id, outcome: 'done', detail });
		return { state: 'done', note, datasetVersion };
	};
	// A savepoint: when the dataset does not take the items, the cursor stays where it was.
	return db.transaction(take);
};
