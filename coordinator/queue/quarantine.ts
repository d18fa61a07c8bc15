import { CodedError } from '../../shared/coded-error.ts';
import type { SteerAnswer } from '../../shared/protocol/act.ts';
import type { Discard, Quarantine as QuarantineView, Replay } from '../../shared/protocol/quarantine.ts';
import type { Doer } from '../audit/doer.ts';
import type { Ledger } from '../database/ledger.ts';
import { type CausePart, readTroubled } from './quarantine-store.ts';
import type { TaskActs } from './task-acts.ts';

/** The newest so many failed tasks are looked at, and so many in one reading. */
export const LOOKED_AT = { tasks: 100_000, atOnce: 10_000 };
/** Causes that are told. */
const MOST_GROUPS = 500;

interface Cause extends Omit<CausePart, 'owners' | 'nodes'> {
	owners: Set<number>;
	nodes: Set<string>;
}

/** What failed for good, grouped by cause, and its way back into line. */
export class Quarantine {
	readonly #ledger: Ledger;
	readonly #acts: TaskActs;
	readonly #lookedAt: typeof LOOKED_AT;

	constructor(options: { ledger: Ledger; acts: TaskActs; lookedAt?: typeof LOOKED_AT }) {
		this.#ledger = options.ledger;
		this.#acts = options.acts;
		this.#lookedAt = options.lookedAt ?? LOOKED_AT;
	}

	/** Causes, the most frequent first. */
	async list(): Promise<QuarantineView> {
		const { causes, tasks, isWhole } = await this.#read(null);
		const sorted = [...causes.values()].sort((a, b) => b.count - a.count || b.lastAt - a.lastAt);
		return {
			groups: sorted.slice(0, MOST_GROUPS).map((cause) => ({
				group: cause.group,
				type: cause.typeName,
				errorCode: cause.errorCode,
				message: cause.message,
				count: cause.count,
				people: cause.owners.size,
				nodes: cause.nodes.size,
				firstSeenAt: new Date(cause.firstAt).toISOString(),
				lastSeenAt: new Date(cause.lastAt).toISOString(),
				sampleTasks: cause.samples,
			})),
			tasks,
			truncated: !isWhole || sorted.length > MOST_GROUPS,
		};
	}

	/** Runs again what failed for one cause: one of it, the newest so many, or all. */
	async replay({ group, limit, reason }: Replay, by: Doer): Promise<SteerAnswer> {
		const cause = await this.#cause(group);
		const most = limit === 'one' ? 1 : limit === 'all' ? cause.seqs.length : limit;
		const { typeName, errorCode, message } = cause;
		const detail = { group, type: typeName, errorCode, message, limit, ...(reason === undefined ? {} : { reason }) };
		return this.#acts.replay(cause.seqs.slice(0, most), `${typeName}: ${errorCode}`, detail, by);
	}

	/** Takes all of one cause out of the list; the tasks stay as they are. */
	async discard({ group, expected, reason }: Discard, by: Doer): Promise<SteerAnswer> {
		const { typeName, errorCode, message, seqs } = await this.#cause(group);
		if (expected !== undefined && seqs.length > expected) {
			throw new CodedError(
				'filter-changed',
				`${seqs.length} tasks have failed for this cause by now, and ${expected} were expected; nothing was changed. Look again and repeat.`,
			);
		}
		const detail = { group, type: typeName, errorCode, message, ...(reason === undefined ? {} : { reason }) };
		return this.#acts.discard(seqs, `${typeName}: ${errorCode}`, detail, by);
	}

	async #cause(group: string): Promise<Cause> {
		const cause = (await this.#read(group)).causes.get(group);
		if (cause) return cause;
		throw new CodedError(
			'not-found',
			'Nothing has failed for this cause, or it has been replayed or discarded already.',
		);
	}

	async #read(withSeqs: string | null) {
		const { tasks: most, atOnce } = this.#lookedAt;
		const causes = new Map<string, Cause>();
		let tasks = 0;
		let before: number | null = Number.MAX_SAFE_INTEGER;
		while (before !== null && tasks < most) {
			const args: { beforeSeq: number; limit: number; withSeqs: string | null } = {
				...{ beforeSeq: before, withSeqs },
				limit: Math.min(atOnce, most - tasks),
			};
			const page: { parts: CausePart[]; tasks: number; nextSeq: number | null } = await this.#ledger.read(
				readTroubled,
				args,
			);
			for (const part of page.parts) merge(causes, part);
			tasks += page.tasks;
			before = page.nextSeq;
		}
		return { causes, tasks, isWhole: before === null };
	}
}

const merge = (causes: Map<string, Cause>, part: CausePart): void => {
	const known = causes.get(part.group);
	if (!known) {
		causes.set(part.group, { ...part, owners: new Set(part.owners), nodes: new Set(part.nodes) });
		return;
	}
	known.count += part.count;
	known.firstAt = Math.min(known.firstAt, part.firstAt);
	known.lastAt = Math.max(known.lastAt, part.lastAt);
	for (const owner of part.owners) known.owners.add(owner);
	for (const node of part.nodes) known.nodes.add(node);
	for (const seq of part.seqs) known.seqs.push(seq);
};
