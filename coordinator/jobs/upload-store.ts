import type { UploadAnswer } from '../../shared/protocol/file.ts';
import { prepareTransferUsage } from '../accounting/transfer-store.ts';
import { type AuditEntry, prepareAudit } from '../audit/audit-store.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import { prepareUnsettled } from '../files/unsettled-store.ts';
import { type AddedVersion, type NewVersion, prepareAddVersion } from '../files/version-store.ts';
import type { StoredInput } from '../queue/open-task.ts';
import type { NewTask, Submitted } from '../queue/submit-store.ts';
import { prepareRevision } from '../recipes/book-store.ts';
import { type Fired, prepareFire } from '../recipes/fire-store.ts';
import type { Plan } from '../recipes/plan.ts';

/** What the person's triggers do about the upload, planned by one revision of their book: whether it is a new file shows here. */
export interface UploadPlan {
	revision: number;
	upload: Plan;
	update: Plan;
}

export interface CommittedUpload {
	file: AddedVersion;
	/** What it starts waits until the client is done with the file. */
	waits: boolean;
	tasks: NewTask[];
	submitted: Submitted[];
	answer: UploadAnswer;
}

const NOTHING_FIRED: Fired = { tasks: [], submitted: [], types: [] };

/** A space, so that it is never a key that a person sends with tasks. */
const keyOf = (key: string): string => `upload ${key}`;

/** What an upload with this key was answered; null when there was none. */
export const findUploadAnswer = readOperation('jobs.find-upload-answer', (db) => {
	const find = db.prepare('SELECT answer FROM idempotency_keys WHERE owner_seq = ? AND key = ?').pluck();
	return (args: { ownerSeq: number; key: string }): UploadAnswer | null => {
		const answer = find.get(args.ownerSeq, keyOf(args.key)) as string | undefined;
		return answer === undefined ? null : (JSON.parse(answer) as UploadAnswer);
	};
});

/**
 * An upload's one transaction: the version, what triggers do about it, metering and audit, or nothing of it. `stale`, and
 * nothing, when the triggers are others by now. What came through the drive before and still waits counts with it: a file
 * whose first content this is, is new. Throws `locked`.
 */
export const commitUpload = writeOperation('jobs.commit-upload', (db) => {
	const addVersion = prepareAddVersion(db);
	const revisionOf = prepareRevision(db);
	const fire = prepareFire(db);
	const unsettled = prepareUnsettled(db);
	const meter = prepareTransferUsage(db);
	const audit = prepareAudit(db);
	const remember = db.prepare('INSERT INTO idempotency_keys VALUES (?, ?, ?, ?, ?)');
	return (args: {
		version: NewVersion;
		plan: UploadPlan;
		/** What the first bytes say. */
		mediaType: string | null;
		wallMs: number;
		/** The person's. */
		serviceClass: string;
		/** By it a repeat finds the answer, however the first one was cut off. */
		idempotencyKey: string | null;
		audit: Omit<AuditEntry, 'object' | 'detail'>;
	}): CommittedUpload | 'stale' => {
		const { ownerSeq, names, now, sha256, size, drive = null } = args.version;
		if (revisionOf(ownerSeq) !== args.plan.revision) return 'stale';
		const file = addVersion(args.version);
		const input: StoredInput = {
			file: file.fileId,
			fileSeq: file.fileSeq,
			path: file.path,
			version: file.version,
			sha256,
			size,
		};
		const came = file.created ? 'upload' : 'update';
		const { fileSeq } = file;
		const counts =
			drive === null
				? (unsettled.take(fileSeq)?.event ?? came)
				: unsettled.arrive({
						...{ ownerSeq, fileSeq, names, size, event: came, from: null, now },
						...{ mediaType: args.mediaType, isSniffed: true },
					});
		const waits = counts === null;
		const event = counts ?? came;
		const fired = { ownerSeq, input, event, isResult: false, lineage: [], isSniffed: true } as const;
		const { tasks, submitted, types } = waits ? NOTHING_FIRED : fire(fired, args.plan[event], now);
		const { wallMs, serviceClass } = args;
		meter({ at: now, ownerSeq, kind: 'upload', bytes: size, wallMs, serviceClass });
		audit({
			...args.audit,
			object: file.fileId,
			detail: { path: file.path, version: file.version, sha256, size },
		});
		const answer: UploadAnswer = {
			file: { id: file.fileId, path: file.path, size, sha256, version: file.version },
			tasks: submitted.map(({ id, state }, i) => ({ id, state, type: types[i] ?? '' })),
		};
		if (args.idempotencyKey !== null) {
			const key = keyOf(args.idempotencyKey);
			remember.run(ownerSeq, key, Buffer.from(sha256, 'hex'), JSON.stringify(answer), now);
		}
		return { file, waits, tasks, submitted, answer };
	};
});
