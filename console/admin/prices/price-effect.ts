import type { Prices, PriceVersion } from '../../../shared/protocol/price-book.ts';
import type { UsageCutItem } from '../../../shared/protocol/usage.ts';

type Book = { prices: Prices; classFactors: PriceVersion['classFactors'] };

const MIB_MS_IN_GIB_HOUR = 1_024 * 3_600_000;
const MIB_S_IN_GIB_MONTH = 1_024 * 3_600 * 730;
const GIB = 2 ** 30;

/** What one class has used: all of it, and what of it were attempts. */
export interface UsedByClass {
	serviceClass: string | null;
	all: Pick<
		UsageCutItem,
		'cpuMs' | 'memoryMibMs' | 'deviceMs' | 'gpuMs' | 'bytesIn' | 'bytesOut' | 'storedMibS' | 'requests' | 'nodes'
	>;
	attempts: Pick<UsageCutItem, 'records' | 'wallMs'> | null;
}

/** Two cuts by class, one of everything and one of attempts only, put together. */
export const usedByClass = (all: readonly UsageCutItem[], attempts: readonly UsageCutItem[]): UsedByClass[] =>
	all.map((item) => ({
		...{ serviceClass: item.key, all: item },
		attempts: attempts.find(({ key }) => key === item.key) ?? null,
	}));

/** What it would have cost at these prices, in millionths; the ledger cuts each fact to the whole, so it is an estimate. */
export const amountAt = ({ serviceClass, all, attempts }: UsedByClass, { prices, classFactors }: Book): number => {
	const people = { in: all.bytesIn - all.nodes.bytesIn, out: all.bytesOut - all.nodes.bytesOut };
	const sum =
		(all.cpuMs / 1_000) * prices.cpuSecond +
		((attempts?.wallMs ?? 0) / 1_000) * prices.wallSecond +
		(all.memoryMibMs / MIB_MS_IN_GIB_HOUR) * prices.memoryGibHour +
		(all.deviceMs / 1_000) * prices.deviceSecond +
		(all.gpuMs / 1_000) * prices.gpuSecond +
		(attempts?.records ?? 0) * prices.attempt +
		(people.in / GIB) * prices.gibIn +
		(people.out / GIB) * prices.gibOut +
		(all.storedMibS / MIB_S_IN_GIB_MONTH) * prices.gibStoredMonth +
		all.requests * prices.request;
	return Math.round(sum * Number((serviceClass === null ? undefined : classFactors[serviceClass]) ?? 1));
};
