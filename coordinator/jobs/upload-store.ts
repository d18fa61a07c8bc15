import type { UploadAnswer } from '../../shared/protocol/file.ts';
import { prepareTransferUsage } from '../accounting/usage-store.ts';
import { type AuditEntry, prepareAudit } from '../audit/audit-store.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import { type AddedVersion, type NewVersion, prepareAddVersion } from '../files/version-store.ts';
import type { StoredInput } from '../queue/open-task.ts';
import { type NewTask, prepareSubmit, type Submitted } from '../queue/submit-store.ts';

/** A task to be made on the version that is being added. */
export type UploadTask = Pick<NewTask, 'id' | 'typeSeq' | 'routingKey' | 'priority' | 'parameters'>;

export interface CommittedUpload {
	file: AddedVersion;
	tasks: NewTask[];
	submitted: Submitted[];
	answer: UploadAnswer;
}

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

/** An upload's one transaction: the version, its tasks, metering and audit, or nothing of it. */
export const commitUpload = writeOperation('jobs.commit-upload', (db) => {
	const addVersion = prepareAddVersion(db);
	const submit = prepareSubmit(db);
	const meter = prepareTransferUsage(db);
	const audit = prepareAudit(db);
	const remember = db.prepare('INSERT INTO idempotency_keys VALUES (?, ?, ?, ?, ?)');
	return (args: {
		version: NewVersion;
		tasks: (UploadTask & { type: string })[];
		wallMs: number;
		/** By it a repeat finds the answer, however the first one was cut off. */
		idempotencyKey: string | null;
		audit: Omit<AuditEntry, 'object' | 'detail'>;
	}): CommittedUpload => {
		const { ownerSeq, now, sha256, size } = args.version;
		const file = addVersion(args.version);
		const input: StoredInput = {
			file: file.fileId,
			fileSeq: file.fileSeq,
			path: file.path,
			version: file.version,
			sha256,
			size,
		};
		const inputs = JSON.stringify([input]);
		const tasks = args.tasks.map(
			({ type: _, ...task }): NewTask => ({
				...task,
				ownerSeq,
				inputs,
				fileSeq: file.fileSeq,
				jobSeq: null,
				origin: null,
				dedupeKey: null,
				serviceClass: null,
				notBefore: null,
				expiresAt: null,
				after: [],
			}),
		);
		const submitted = submit(tasks, now);
		meter({ at: now, ownerSeq, kind: 'upload', bytes: size, wallMs: args.wallMs });
		audit({
			...args.audit,
			object: file.fileId,
			detail: { path: file.path, version: file.version, sha256, size },
		});
		const answer: UploadAnswer = {
			file: { id: file.fileId, path: file.path, size, sha256, version: file.version },
			tasks: submitted.map(({ id, state }, i) => ({ id, state, type: args.tasks[i]?.type ?? '' })),
		};
		if (args.idempotencyKey !== null) {
			const key = keyOf(args.idempotencyKey);
			remember.run(ownerSeq, key, Buffer.from(sha256, 'hex'), JSON.stringify(answer), now);
		}
		return { file, tasks, submitted, answer };
	};
});
