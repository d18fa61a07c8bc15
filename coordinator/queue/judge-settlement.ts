import { isWithinBounds } from '../../shared/json-bounds.ts';
import { type Failure, type Settlement, settlementSchema } from '../../shared/protocol/agent-link.ts';
import { MAX_RESULT_BYTES, MAX_RESULT_DEPTH } from '../../shared/protocol/settlement-bounds.ts';
import type { PolicyBook } from '../qos/policy.ts';
import type { AttemptEnd } from './after-attempt.ts';
import type { Lease } from './open-task.ts';
import { plainText } from './plain-text.ts';
import { type Possible, type SoberUsage, soberUsage } from './sober-usage.ts';
import { namingClassLimit } from './time-limits.ts';

export interface JudgedReport {
	settlement: Settlement;
	end: AttemptEnd;
	usage: SoberUsage;
	/** JSON text of the result, if it succeeded. */
	result: string | null;
}

/** A settlement nested deeper or with more values than this is none. */
const BOUNDS = { depth: MAX_RESULT_DEPTH + 10, values: 2 * MAX_RESULT_BYTES };

/** What an agent sent as a settlement, or null when it is none. */
export const parseSettlement = (item: unknown): Settlement | null => {
	if (!isWithinBounds(item, BOUNDS)) return null;
	const parsed = settlementSchema.safeParse(item);
	return parsed.success ? parsed.data : null;
};

const plainFailure = (failure: Failure): Failure => ({ ...failure, message: plainText(failure.message) });

const failed = (code: string, message: string): AttemptEnd => ({
	state: 'failed',
	failure: { class: 'resource', code, message },
});

/**
 * What an agent's word about an attempt means. Nothing in it is believed beyond what it may decide: an unasked
 * `cancelled` is work given back, a result that is too large is a failure, outputs count only when they are here.
 */
export const judgeSettlement = (
	settlement: Settlement,
	context: {
		lease: Lease;
		draining: boolean;
		hasOutput: (name: string, sha256: string, size: number) => boolean;
		policies: PolicyBook;
		/** What the node has, as far as it is known. */
		machine: Possible['machine'];
	},
): JudgedReport => {
	// Whoever had to give it back is free to take it again, at once.
	const draining = context.draining || context.lease.preempted;
	const leaseMs = performance.now() - context.lease.startedMono;
	const usage = soberUsage(settlement.usage, { leaseMs, machine: context.machine });
	const report = { settlement, usage, result: null };
	switch (settlement.outcome) {
		case 'succeeded': {
			const result = JSON.stringify(settlement.result);
			if (Buffer.byteLength(result) > MAX_RESULT_BYTES) {
				return { ...report, end: failed('result-too-large', `The result is larger than ${MAX_RESULT_BYTES} bytes.`) };
			}
			const names = new Set(settlement.outputs.map(({ name }) => name));
			if (names.size < settlement.outputs.length) {
				return { ...report, end: failed('output-name-twice', 'Two outputs have the same name.') };
			}
			const missing = settlement.outputs.find(({ name, sha256, size }) => !context.hasOutput(name, sha256, size));
			if (missing) {
				// A coordinator that was started anew has emptied its staging area: the work must be done again.
				const reason = 'its outputs were not there any more when it was settled';
				return { ...report, end: { state: 'returned', reason, draining: false } };
			}
			return { ...report, end: { state: 'succeeded' }, result };
		}
		case 'failed':
			return { ...report, end: { state: 'failed', failure: failureOf(settlement.failure, context) } };
		case 'returned':
			return {
				...report,
				end: { state: 'returned', reason: plainText(settlement.reason), draining },
			};
		case 'cancelled':
			return context.lease.cancelRequested
				? { ...report, end: { state: 'cancelled' } }
				: { ...report, end: { state: 'returned', reason: 'it was stopped on the node', draining } };
	}
};

const failureOf = (failure: Failure, context: { lease: Lease; policies: PolicyBook }): Failure => {
	const plain = plainFailure(failure);
	if (plain.class !== 'timeout') return plain;
	const { manifest, serviceClass } = context.lease.task;
	return namingClassLimit(plain, manifest.limits, context.policies.ofClass(serviceClass));
};
