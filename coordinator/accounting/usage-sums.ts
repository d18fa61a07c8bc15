import type { UsageSums } from '../../shared/protocol/usage.ts';
import { SUMS } from './rollup-cubes.ts';

/** In the order of {@link SUMS}. */
export type Sums = number[];

const at = (sums: Sums, name: (typeof SUMS)[number]): number => sums[SUMS.indexOf(name)]!;
const ms = (us: number): number => us / 1_000;

/** Sums as people see them. */
export const usageSumsOf = (sums: Sums): UsageSums => ({
	records: at(sums, 'records'),
	tasks: at(sums, 'tasks'),
	wallMs: ms(at(sums, 'wall_us')),
	cpuMs: ms(at(sums, 'user_us') + at(sums, 'system_us')),
	userMs: ms(at(sums, 'user_us')),
	systemMs: ms(at(sums, 'system_us')),
	deviceMs: ms(at(sums, 'device_us')),
	gpuMs: ms(at(sums, 'gpu_us')),
	memoryMibMs: at(sums, 'memory_mib_ms'),
	readBytes: at(sums, 'read_bytes'),
	writtenBytes: at(sums, 'written_bytes'),
	bytesIn: at(sums, 'bytes_in'),
	bytesOut: at(sums, 'bytes_out'),
	storedMibS: at(sums, 'stored_mib_s'),
	requests: at(sums, 'requests'),
	amountMicro: at(sums, 'amount_micro'),
});

/** What was charged, what of it went to and from nodes, and beside it the platform's own loss. */
export const sharesOf = ({
	charged,
	lost,
	nodes: [bytesIn, bytesOut],
}: {
	charged: Sums;
	lost: Sums;
	nodes: readonly [number, number];
}) => {
	const { records, wallMs, cpuMs } = usageSumsOf(lost);
	return { ...usageSumsOf(charged), nodes: { bytesIn, bytesOut }, lost: { records, wallMs, cpuMs } };
};

export const NO_SUMS: Sums = SUMS.map(() => 0);
export const addSums = (a: Sums, b: Sums): Sums => a.map((value, i) => value + b[i]!);
