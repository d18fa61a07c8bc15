import type { ReportedUsage } from '../../shared/protocol/agent-link.ts';
import type { UsageQuantities } from '../accounting/usage-record.ts';

/** What an attempt can have used at most, by what is known of it here. */
export interface Possible {
	/** How long the coordinator has had the lease given out. */
	leaseMs: number;
	/** Of the node; null: not known. */
	machine: { cores: number; memoryBytes: number } | null;
}

/** Usage as the ledger takes it. */
export interface SoberUsage {
	quantities: UsageQuantities;
	/** How the node has measured; null: it did not say. */
	measured: string | null;
	/** Names of the figures that could not be and were cut. */
	flags: string[];
}

/** Nobody's clock is that exact: what a report may be over what is possible. */
const SLACK = { wallMs: 1_000, cpuShare: 1.05, cpuMs: 50, memoryShare: 1.1 } as const;
const MOST_CORES = 65_536;
/** What one attempt moves at most: a pebibyte, and so much in each second of its lease, in which its inputs are fetched too. */
const MOST_BYTES = 2 ** 50;
const MOST_BYTES_A_SECOND = { storage: 16 * 2 ** 30, network: 4 * 2 ** 30 } as const;
/** Memory that a machine is believed to have. */
const MOST_MEMORY = 16 * 2 ** 40;
const MOST_GPUS = 64;
const MIB = 1024 * 1024;

/**
 * Usage that can be true: whole, not negative, within what the lease and the machine allow. What is cut is named; an
 * agent that claims too much is believed as far as possible, and looked at.
 */
export const soberUsage = (usage: ReportedUsage, { leaseMs, machine }: Possible): SoberUsage => {
	const flags: string[] = [];
	const cut = (name: string, value: number | null | undefined, most: number): number => {
		if (value === undefined) return 0;
		const isNumber = typeof value === 'number' && Number.isFinite(value);
		// A figure that is no number says nothing; one that is beyond all measure says: as much as possible.
		const sober = isNumber ? Math.min(most, Math.max(0, value)) : 0;
		if (!isNumber || sober !== value) flags.push(name);
		return Math.round(sober);
	};
	const cores = machine?.cores ?? MOST_CORES;
	const declared = machine !== null && machine.memoryBytes > 0 ? machine.memoryBytes : MOST_MEMORY;
	const memory = Math.min(MOST_MEMORY, declared) * SLACK.memoryShare;
	const us = (ms: number | null | undefined) => (typeof ms === 'number' ? ms * 1_000 : ms);

	const mostWallUs = Math.round((Math.max(0, leaseMs) + SLACK.wallMs) * 1_000);
	const wallUs = cut('wall', us(usage.wallMs), mostWallUs);
	const cpuUs = cut('cpu', us(usage.cpuMs), Math.round(wallUs * cores * SLACK.cpuShare) + SLACK.cpuMs * 1_000);
	const systemUs = cut('system', us(usage.systemMs), flags.includes('cpu') ? Number.MAX_SAFE_INTEGER : cpuUs);
	const system = Math.min(systemUs, cpuUs);
	const moved = (kind: keyof typeof MOST_BYTES_A_SECOND): number =>
		Math.min(MOST_BYTES, Math.ceil((mostWallUs / 1e6) * MOST_BYTES_A_SECOND[kind]));
	const [storage, network] = [moved('storage'), moved('network')];
	const peakMemoryBytes = cut('memory', usage.peakMemoryBytes, Math.floor(memory));
	const quantities: UsageQuantities = {
		// Written out: it is made for every attempt, and spreading costs ten times as much.
		wallUs,
		userUs: cpuUs - system,
		systemUs: system,
		deviceUs: 0,
		gpuUs: cut('gpu', us(usage.gpuMs), wallUs * MOST_GPUS),
		peakMemoryBytes,
		memoryMibMs: cut('memoryTime', usage.memoryMibMs, Math.ceil((memory / MIB) * (wallUs / 1_000))),
		readBytes: cut('read', usage.readBytes, storage),
		writtenBytes: cut('written', usage.writtenBytes, storage),
		bytesIn: cut('bytesIn', usage.bytesIn, network),
		bytesOut: cut('bytesOut', usage.bytesOut, network),
		storedMibS: 0,
		requests: 0,
	};
	return { quantities, measured: usage.measured ?? null, flags };
};
