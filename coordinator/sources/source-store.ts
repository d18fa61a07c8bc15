import type { Database } from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import { nameKey } from '../../shared/name-key.ts';
import { prepareAudit } from '../audit/audit-store.ts';
import type { Doer } from '../audit/doer.ts';
import { writeOperation } from '../database/operation.ts';
import { prepareCreateDataset } from '../datasets/dataset-store.ts';
import { requireVersion, type VersionCondition } from '../qos/version-condition.ts';
import { prepareAnswers } from '../queue/answer-store.ts';
import type { Idempotency } from '../queue/idempotency.ts';
import { prepareAddSchedule, type ScheduleFields } from '../schedules/schedule-store.ts';
import type { SourceRow } from '../source-runs/source-row.ts';
import { datasetNameOf } from './dataset-name.ts';
import { prepareFindSource } from './find-store.ts';

/** One person's. */
const MOST_SOURCES = 50;
/** Names that are tried before a person has to give one. */
const MOST_NAMES = 100;

/** What of a source people decide; JSON texts. */
export type SourceFields = Pick<
	SourceRow,
	'name' | 'parameters' | 'secrets' | 'mostItems' | 'mostSpendMicros' | 'priceMicros'
>;

/** Throws unless the name is free and the secrets are there: asked in the transaction that stores them. */
const prepareCheck = (db: Database) => {
	const holder = db.prepare('SELECT seq FROM sources WHERE owner_seq = ? AND name_key = ?').pluck();
	const secretOf = db.prepare('SELECT 1 FROM secrets WHERE id = ? AND owner_seq = ?').pluck();
	return (ownerSeq: number, { name, secrets }: SourceFields, own: number | null): void => {
		const seq = holder.get(ownerSeq, nameKey(name)) as number | undefined;
		if (seq !== undefined && seq !== own) throw new CodedError('name-taken', `You have a source ${name} already.`);
		for (const secret of Object.values(JSON.parse(secrets) as Record<string, string>)) {
			if (secretOf.get(secret, ownerSeq) !== undefined) continue;
			throw new CodedError('secret-missing', `There is no secret ${secret} any more; name another one.`);
		}
	};
};

const auditedFields = ({ name, mostItems, mostSpendMicros, priceMicros }: SourceFields) => ({
	...{ name, mostItems, mostSpendMicros, priceMicros },
});

/** The first that is not taken. */
const firstFree = <T>(make: (number: number) => T): T => {
	for (let number = 1; ; number += 1) {
		try {
			return make(number);
		} catch (error) {
			if (!(error instanceof CodedError) || error.code !== 'name-taken' || number === MOST_NAMES) throw error;
		}
	}
};

/** The dataset that a source is to fill; gives its seq. */
const prepareDataset = (db: Database) => {
	const create = prepareCreateDataset(db);
	const left = db
		.prepare(
			`SELECT seq FROM datasets d WHERE owner_seq = ? AND name = ? AND fed = 1 AND state = 'ready'
			 AND NOT EXISTS (SELECT 1 FROM sources WHERE dataset_seq = d.seq)`,
		)
		.pluck();
	return (wanted: {
		id: string;
		ownerSeq: number;
		source: string;
		/** Null: one of the source's name. */
		name: string | null;
		by: Doer;
		now: number;
	}): number => {
		const { source, name, ...rest } = wanted;
		const about = {
			title: source,
			description: `Gathered by the source ${source}.`,
			licence: { name: '', text: null },
		};
		if (name === null) {
			return firstFree((number) => create({ ...rest, name: datasetNameOf(source, number), about, fed: true }));
		}
		const seq = left.get(rest.ownerSeq, name) as number | undefined;
		return seq ?? create({ ...rest, name, about, fed: true });
	};
};

export interface NewSourceRow {
	/** Public ids. */
	id: string;
	datasetId: string;
	scheduleId: string;
	ownerSeq: number;
	type: string;
	fields: SourceFields;
	/** Null: a new one of the source's name. */
	dataset: string | null;
	/** Its times, and the first of them; null: it runs only when it is asked to. */
	schedule: { fields: Omit<ScheduleFields, 'name'>; nextAt: number } | null;
	idempotency: Idempotency | null;
	by: Doer;
	now: number;
}

/**
 * Makes a source with its dataset and its schedule, all or nothing; gives its id and the schedule's number. A repeat with the
 * same idempotency key answers with the first one and makes nothing.
 */
export const addSource = writeOperation('sources.add', (db) => {
	const check = prepareCheck(db);
	const count = db.prepare('SELECT count(*) FROM sources WHERE owner_seq = ?').pluck();
	const insert = db.prepare(
		`INSERT INTO sources (id, owner_seq, name, name_key, type, parameters, secrets, dataset_seq, most_items,
		                      most_spend_micros, price_micros, state, created_at, updated_at)
		 VALUES (@id, @ownerSeq, @name, @nameKey, @type, @parameters, @secrets, @datasetSeq, @mostItems, @mostSpendMicros,
		         @priceMicros, 'active', @now, @now)`,
	);
	const datasetFor = prepareDataset(db);
	const schedule = prepareAddSchedule(db);
	const answers = prepareAnswers(db);
	const audit = prepareAudit(db);
	return (args: NewSourceRow): { id: string; schedules: number[] } => {
		const { id, ownerSeq, type, fields, idempotency, by, now } = args;
		const [before] = answers.find(ownerSeq, idempotency) ?? [];
		if (before !== undefined) return { id: before, schedules: [] };
		check(ownerSeq, fields, null);
		if ((count.get(ownerSeq) as number) >= MOST_SOURCES) {
			throw new CodedError('too-many-things', `You have ${MOST_SOURCES} sources; delete one first.`);
		}
		const dataset = { id: args.datasetId, ownerSeq, source: fields.name, name: args.dataset, by, now };
		const datasetSeq = datasetFor(dataset);
		insert.run({ id, ownerSeq, type, ...fields, nameKey: nameKey(fields.name), datasetSeq, now });
		answers.remember(ownerSeq, idempotency, [id], now);
		const detail = { ...auditedFields(fields), type };
		audit({ at: now, ...by, action: 'source.create', object: id, outcome: 'done', detail });
		if (!args.schedule) return { id, schedules: [] };
		const { nextAt, fields: times } = args.schedule;
		const made = { id: args.scheduleId, ownerSeq, nextAt, idempotency: null, by, now };
		const { row } = firstFree((number) => {
			const name = number === 1 ? fields.name : `${fields.name.slice(0, 90)} (${number})`;
			return schedule({ ...made, fields: { ...times, name } });
		});
		return { id, schedules: [row.seq] };
	};
});

export const changeSource = writeOperation('sources.change', (db) => {
	const find = prepareFindSource(db);
	const check = prepareCheck(db);
	const change = db.prepare(
		`UPDATE sources SET name = @name, name_key = @nameKey, parameters = @parameters, secrets = @secrets,
		   most_items = @mostItems, most_spend_micros = @mostSpendMicros, price_micros = @priceMicros,
		   version = version + 1, updated_at = @now WHERE seq = @seq`,
	);
	const audit = prepareAudit(db);
	return (args: { id: string; fields: SourceFields; condition: VersionCondition; by: Doer; now: number }): void => {
		const { id, fields, condition, by, now } = args;
		const before = find(id);
		const { seq, ownerSeq, version } = before;
		requireVersion(condition, version);
		check(ownerSeq, fields, seq);
		change.run({ seq, ...fields, nameKey: nameKey(fields.name), now });
		const detail = { ...auditedFields(fields), before: auditedFields(before) };
		audit({ at: now, ...by, action: 'source.change', object: id, outcome: 'done', detail });
	};
});

/** Its schedules go with it: their seqs. Its dataset stays, and what runs goes on and keeps what it brings. */
export const deleteSource = writeOperation('sources.delete', (db) => {
	const find = prepareFindSource(db);
	const schedules = db
		.prepare(`DELETE FROM schedules WHERE wish ->> '$.source' = ? AND owner_seq = ? RETURNING seq`)
		.pluck();
	const remove = db.prepare('DELETE FROM sources WHERE seq = ?');
	const audit = prepareAudit(db);
	return (args: { id: string; condition: VersionCondition; by: Doer; now: number }): number[] => {
		const { id, condition, by, now } = args;
		const { seq, ownerSeq, name, version } = find(id);
		requireVersion(condition, version);
		const gone = schedules.all(id, ownerSeq) as number[];
		remove.run(seq);
		audit({ at: now, ...by, action: 'source.delete', object: id, outcome: 'done', detail: { name } });
		return gone;
	};
});
