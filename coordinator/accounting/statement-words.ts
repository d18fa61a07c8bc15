import type { Statement, StatementLine } from '../../shared/protocol/statement.ts';
import type { UsageKind } from '../../shared/protocol/usage.ts';

const WHAT: Record<Exclude<UsageKind, 'attempt'>, string> = {
	upload: 'Uploads',
	download: 'Downloads',
	storage: 'Storage',
	requests: 'Requests',
	correction: 'Corrections',
};

const count = (many: number): string => many.toLocaleString('en');
const counted = (many: number, one: string): string => `${count(many)} ${one}${many === 1 ? '' : 's'}`;
/** Three places, so that little is not told as nothing. */
const amount = (quantity: number, unit: string): string =>
	`${quantity.toLocaleString('en', { maximumFractionDigits: 3 })} ${unit}`;
const seconds = (ms: number): string => amount(ms / 1_000, 's');
const gib = (bytes: number): string => amount(bytes / 2 ** 30, 'GiB');

export const whatInWords = ({ kind, what }: Pick<StatementLine, 'kind' | 'what'>): string =>
	kind === 'attempt' ? what : WHAT[kind];

/** How much of it, in the units that prices are for. */
export const quantityInWords = (line: StatementLine): string => {
	switch (line.kind) {
		case 'attempt':
			return [
				counted(line.tasks, 'task'),
				`${seconds(line.cpuMs)} CPU`,
				`${seconds(line.wallMs)} in slots`,
				`${amount(line.memoryMibMs / 1024 / 3_600_000, 'GiB h')} memory`,
				...(line.deviceMs > 0 ? [`${seconds(line.deviceMs)} of devices`] : []),
				...(line.gpuMs > 0 ? [`${seconds(line.gpuMs)} GPU`] : []),
			].join(', ');
		case 'upload':
			return `${gib(line.bytesIn)} in ${counted(line.records, 'upload')}`;
		case 'download':
			return `${gib(line.bytesOut)} in ${counted(line.records, 'download')}`;
		case 'storage':
			return amount(line.storedMibS / 1024 / 3_600, 'GiB h');
		case 'requests':
			return counted(line.requests, 'request');
		case 'correction':
			return counted(line.records, 'correction');
	}
};

/** `2026-03-01 00:00:00 UTC` */
export const instantInWords = (at: string): string => `${at.slice(0, 10)} ${at.slice(11, 19)} UTC`;

export const stateInWords = ({ state, asOf }: Statement): string =>
	state === 'closed' ? 'Closed' : `So far, as of ${instantInWords(asOf)}: the month is not closed`;

export const scopeInWords = ({ of }: Statement): string => {
	if (of.kind === 'everybody') return 'Everybody';
	const name = of.name ?? 'a person who was deleted';
	return of.kind === 'group' ? `Group ${name}` : name;
};
