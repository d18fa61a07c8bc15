import { join } from 'node:path';
import Database from 'better-sqlite3';
import { CUBES } from '../../coordinator/accounting/rollup-cubes.ts';
import type { UsageVerdict } from '../../shared/protocol/usage.ts';
import { builtFile } from './repository.ts';
import { runToEnd } from './run-to-end.ts';

type Row = Record<string, bigint | string | null>;

const SUMMED = [
	...['wall_us', 'user_us', 'system_us', 'device_us', 'gpu_us', 'memory_mib_ms', 'read_bytes', 'written_bytes'],
	...['bytes_in', 'bytes_out', 'stored_mib_s', 'requests', 'amount_micro'],
];

/** The others are made of these once a day is over, and `usage verify` compares them with the records. */
const AT_ONCE = new Set(CUBES.filter(({ atOnce }) => atOnce).map(({ code }) => code));

const GIB = 1n << 30n;
const MIB_IN_GIB = 1024n;

/** What a price is for, how many of it make one unit, and of which kind of record only: as docs/accounting.md says it. */
const PRICED: readonly [price: string, of: (row: Row) => bigint, unit: bigint, kind?: string][] = [
	['cpuSecond', (row) => BigInt(row.user_us ?? 0) + BigInt(row.system_us ?? 0), 1_000_000n],
	['wallSecond', (row) => BigInt(row.wall_us ?? 0), 1_000_000n, 'attempt'],
	['memoryGibHour', (row) => BigInt(row.memory_mib_ms ?? 0), MIB_IN_GIB * 3_600_000n],
	['deviceSecond', (row) => BigInt(row.device_us ?? 0), 1_000_000n],
	['gpuSecond', (row) => BigInt(row.gpu_us ?? 0), 1_000_000n],
	['attempt', () => 1n, 1n, 'attempt'],
	['gibIn', (row) => BigInt(row.bytes_in ?? 0), GIB, 'upload'],
	['gibOut', (row) => BigInt(row.bytes_out ?? 0), GIB, 'download'],
	['gibStoredMonth', (row) => BigInt(row.stored_mib_s ?? 0), MIB_IN_GIB * 3_600n * 730n],
	['request', (row) => BigInt(row.requests ?? 0), 1n],
];

interface Book {
	prices: Record<string, number>;
	classFactors: Record<string, string>;
}

/** Quantity x price x factor, in fractions, cut once. */
const amountBy = ({ prices, classFactors }: Book, row: Row): bigint => {
	let [above, below] = [0n, 1n];
	for (const [price, of, unit, kind] of PRICED) {
		if (kind !== undefined && kind !== row.kind) continue;
		above = above * unit + of(row) * BigInt(prices[price] ?? 0) * below;
		below *= unit;
	}
	const [whole = '1', places = ''] = (classFactors[String(row.service_class)] ?? '1').split('.');
	const factor = BigInt(whole + places.padEnd(4, '0'));
	return (above * factor) / (below * 10_000n);
};

/** What is wrong with amounts and sums, by arithmetic of our own. */
const countedAgain = (data: string): string[] => {
	const db = new Database(join(data, 'ledger.db'), { readonly: true, fileMustExist: true }).defaultSafeIntegers(true);
	try {
		const found: string[] = [];
		const books = new Map<bigint, Book>();
		for (const { version, prices, class_factors } of db.prepare('SELECT * FROM price_book').all() as Row[]) {
			const book = { prices: JSON.parse(String(prices)), classFactors: JSON.parse(String(class_factors)) };
			books.set(BigInt(version ?? 0), book);
		}
		const sums = new Map<string, bigint>();
		const add = (name: string, value: bigint) => sums.set(name, (sums.get(name) ?? 0n) + value);
		for (const row of db.prepare('SELECT * FROM usage_records ORDER BY seq').iterate() as Iterable<Row>) {
			const charged = row.charged === 1n;
			add(`records ${charged}`, 1n);
			for (const column of SUMMED) add(`${column} ${charged}`, BigInt(row[column] ?? 0));
			const book = row.price_version === null ? undefined : books.get(BigInt(row.price_version ?? 0));
			const due = charged && book ? amountBy(book, row) : 0n;
			if (row.kind !== 'correction' && row.amount_micro !== due) {
				found.push(`record ${row.seq} costs ${row.amount_micro}, and its quantities by its prices ${due}`);
			}
		}
		const rollups = db.prepare(
			`SELECT cube, charged, sum(records) AS records, ${SUMMED.map((one) => `sum(${one}) AS ${one}`).join(', ')}
			 FROM usage_rollups JOIN usage_rollup_sets USING (generation) WHERE is_current = 1 GROUP BY cube, charged`,
		);
		const cubes = rollups.all() as Row[];
		if (cubes.length === 0) found.push('there are no roll-ups');
		for (const { cube, charged, ...summed } of cubes) {
			if (!AT_ONCE.has(Number(cube))) continue;
			for (const [column, sum] of Object.entries(summed)) {
				const due = sums.get(`${column} ${charged === 1n}`) ?? 0n;
				if (sum !== due) found.push(`roll-ups of cube ${cube}: ${column} is ${sum}, and of all records ${due}`);
			}
		}
		return found;
	} finally {
		db.close();
	}
};

/**
 * I4 to the last unit, of a coordinator that was stopped: `coordinator usage verify` finds nothing, every amount is
 * quantity x price, and every kind of roll-up that is kept up with the records is the sum of all of them.
 */
export const accountViolations = async (data: string): Promise<string[]> => {
	const command = [process.execPath, builtFile('coordinator/main.js'), 'usage', 'verify', '--data', data, '--json'];
	// It ends with 1 when it finds something; and it takes into the sums what was metered last.
	const verdict = await runToEnd(command).then(
		(said) => JSON.parse(said) as UsageVerdict,
		(error: Error) => ({ ok: false, difference: error.message }),
	);
	return [...(verdict.ok ? [] : [`usage verify: ${verdict.difference}`]), ...countedAgain(data)];
};
