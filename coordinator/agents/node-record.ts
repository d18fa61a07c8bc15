import type { LinkKey } from '../../shared/link-key/link-key.ts';
import type { Capabilities, NodeMetrics, NodeState, NodeView } from '../../shared/protocol/node.ts';
import type { NodeOffer } from '../scheduler/node-slots.ts';
import { ClockSkew } from './clock-skew.ts';
import type { NodeRow } from './node-store.ts';

/** A node's connection as this room needs it; whoever speaks with the agent implements it. */
export interface NodeLink {
	/** Where it comes from, for the log. */
	readonly address: string;
	/** Finish what runs, take nothing new, leave. */
	drain(): void;
	configure(concurrency: number): void;
	/** Ends the connection at once. Nothing more is heard of it afterwards. */
	close(reason: string): void;
}

export type NodeFault = 'badSeals' | 'impossibleUsage';

/** How often since the coordinator's start, when last (milliseconds since 1970), and what that was. */
export type NodeFaultCounts = Record<NodeFault, number> & { lastAt: number; last: string };

/** A node as it is now: the ledger's row, and what lasts only as long as its connection. */
export interface NodeRecord {
	row: NodeRow;
	link: NodeLink | null;
	/** The agent has said that it is leaving. */
	leaving: boolean;
	/** It does not take in what it is sent: no more work until it does. */
	stalled: boolean;
	/** As the agent said it last, each second; null while it is away. */
	metrics: NodeMetrics | null;
	clockSkew: ClockSkew;
	/** When that was. */
	measuredAt: number;
	/** Of its connection: its settlements are sealed with it. */
	linkKey: LinkKey | null;
	/** What it said that cannot be; null: nothing. */
	faults: NodeFaultCounts | null;
	revision: number;
	/** As last announced. */
	announcedRunning: number;
	announcedFaults: NodeFaultCounts | null;
}

export const newRecord = (row: NodeRow): NodeRecord => ({
	row,
	link: null,
	leaving: false,
	stalled: false,
	metrics: null,
	clockSkew: new ClockSkew(),
	measuredAt: 0,
	linkKey: null,
	faults: null,
	revision: 0,
	announcedRunning: 0,
	announcedFaults: null,
});

/**
 * The one state of a node out of all that is true of it, the strongest first: revoked, offline, draining (it leaves by
 * itself, whatever else is said), suspect, cordoned, online.
 */
export const stateOf = ({ row, link, leaving }: NodeRecord): NodeState => {
	if (row.revokedAt !== null) return 'revoked';
	if (link === null) return 'offline';
	if (leaving || row.drainingAt !== null) return 'draining';
	if (row.suspectAt !== null) return 'suspect';
	return row.cordonedAt === null ? 'online' : 'cordoned';
};

/** The queues that it serves: what it declares, as far as its token allows. */
export const servedQueues = ({ queues, allowedQueues }: NodeRow): string[] =>
	(queues ?? []).filter((queue) => allowedQueues === null || allowedQueues.includes(queue));

/** What tasks can ask for by label: what an administrator has said, or else what the node declares. */
const labelsOf = ({ setLabels, capabilities }: NodeRow): Record<string, string> =>
	setLabels ?? capabilities?.labels ?? {};

export const concurrencyOf = ({ setConcurrency, concurrency }: NodeRow): number => setConcurrency ?? concurrency;

const NO_CAPABILITIES: Capabilities = {
	cores: 1,
	memoryBytes: 0,
	hardware: {},
	labels: {},
	sandbox: 'none',
	taskTypes: [],
	platform: '',
	agentVersion: '',
};

/** The node as the scheduler is told of it. */
export const offerOf = (record: NodeRecord): NodeOffer => {
	const { row } = record;
	return {
		id: row.id,
		name: row.name,
		queues: servedQueues(row),
		concurrency: concurrencyOf(row),
		capabilities: { ...(row.capabilities ?? NO_CAPABILITIES), labels: labelsOf(row) },
		accepting: stateOf(record) === 'online' && !record.stalled,
		policy: row.policy ?? undefined,
	};
};

const iso = (at: number): string => new Date(at).toISOString();
const isoOrNull = (at: number | null): string | null => (at === null ? null : iso(at));

/** The node as administrators see it. */
export const viewOf = (record: NodeRecord, running: number, work: Record<string, number>): NodeView => {
	const { row, metrics, faults } = record;
	const since = row.drainingAt ?? row.cordonedAt ?? row.suspectAt;
	const drainedAt = record.link === null ? row.drainedAt : null;
	const isSaid = row.drainingAt !== null || row.cordonedAt !== null || drainedAt !== null;
	return {
		id: row.id,
		name: row.name,
		state: stateOf(record),
		capabilities: row.capabilities,
		queues: servedQueues(row),
		concurrency: concurrencyOf(row),
		running,
		work,
		metrics,
		lastSeenAt: isoOrNull(row.lastSeenAt),
		reason: isSaid ? row.steerReason : null,
		since: isoOrNull(since),
		by: isSaid ? row.steeredByName : null,
		until: isSaid ? isoOrNull(row.steerUntil) : null,
		drainedAt: isoOrNull(drainedAt),
		policy: row.policy,
		labels: labelsOf(row),
		declared: { queues: row.queues ?? [], concurrency: row.concurrency, labels: row.capabilities?.labels ?? {} },
		joinedAt: iso(row.createdAt),
		joinedBy: row.tokenId,
		faults: faults === null ? null : { ...faults, lastAt: iso(faults.lastAt) },
	};
};
