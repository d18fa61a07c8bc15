import type { Database } from 'better-sqlite3';
import { prepareGeneration } from '../accounting/month-sums-store.ts';
import { preparePriceRow } from '../accounting/price-store.ts';
import { columnOf, USAGE_COLUMNS, type UsageRow } from '../accounting/usage-record.ts';
import { readOperation } from '../database/operation.ts';
import { prepareClassOf } from '../qos/class-of-task-store.ts';
import { prepareEstimates, type TaskEstimate } from './estimate-store.ts';
import type { Costly } from './gate-store.ts';
import { prepareStandings, type Standing } from './standing-store.ts';

/** Attempts that are looked back upon, and of those that are of the type as many as say enough. */
const LOOKED_BACK = 5_000;
const ENOUGH = 200;

/** What tasks of a type cost, of ten one less and of ten one more; null: too few have run lately to say. */
export interface Spread {
	low: number;
	high: number;
}

export interface TaskForecast extends TaskEstimate {
	spread: Spread | null;
	counting: Standing[];
}

/** What recent attempts of a type would cost now, by tenths. */
const prepareSpread = (db: Database) => {
	const recent = db
		.prepare(
			`SELECT ${USAGE_COLUMNS.map((column) => `u.${column}`).join(', ')}
			 FROM (SELECT * FROM attempts ORDER BY task_seq DESC LIMIT ${LOOKED_BACK}) a
			 JOIN tasks t ON t.seq = a.task_seq JOIN usage_records u ON u.seq = a.usage_seq
			 WHERE t.type_seq = ? AND u.charged = 1 LIMIT ${ENOUGH}`,
		)
		.raw();
	const price = preparePriceRow(db);
	return (typeSeq: number, serviceClass: string, now: number): Spread | null => {
		const amounts = (recent.all(typeSeq) as UsageRow[]).map((row) => {
			const asNow = [...row];
			asNow[columnOf('at')] = now;
			asNow[columnOf('service_class')] = serviceClass;
			return price(asNow)[columnOf('amount_micro')] as number;
		});
		if (amounts.length < 10) return null;
		amounts.sort((a, b) => a - b);
		return { low: amounts[Math.floor(amounts.length / 10)]!, high: amounts[Math.floor((amounts.length * 9) / 10)]! };
	};
};

/** What tasks of some types would cost now, each type and class once, in the order asked. */
export const forecastTasks = readOperation('budgets.forecast', (db) => {
	const generation = prepareGeneration(db);
	const standings = prepareStandings(db);
	const classOf = prepareClassOf(db);
	const estimates = prepareEstimates(db);
	const spreadOf = prepareSpread(db);
	return ({ kinds, now }: { kinds: readonly Costly[]; now: number }): TaskForecast[] => {
		const looked = standings(generation(), now);
		const estimate = estimates(now);
		const classes = classOf(now);
		return kinds.map(({ ownerSeq, typeSeq, serviceClass }) => {
			const name = classes(ownerSeq, serviceClass);
			const { amountMicro, ...rest } = estimate(typeSeq, name);
			return {
				...{ ...rest, amountMicro },
				spread: amountMicro === null ? null : spreadOf(typeSeq, name, now),
				counting: looked.of(ownerSeq, name),
			};
		});
	};
});
