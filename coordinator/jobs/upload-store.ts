import { prepareTransferUsage } from '../accounting/usage-store.ts';
import { type AuditEntry, prepareAudit } from '../audit/audit-store.ts';
import { writeOperation } from '../database/operation.ts';
import { type AddedVersion, type NewVersion, prepareAddVersion } from '../files/version-store.ts';
import type { StoredInput } from '../queue/open-task.ts';
import { type NewTask, prepareSubmit, type Submitted } from '../queue/submit-store.ts';

/** A task to be made on the version that is being added. */
export type UploadTask = Pick<NewTask, 'id' | 'typeSeq' | 'routingKey' | 'priority' | 'parameters'>;

export interface CommittedUpload {
	file: AddedVersion;
	tasks: NewTask[];
	submitted: Submitted[];
}

/** An upload's one transaction: the version, its tasks, metering and audit, or nothing of it. */
export const commitUpload = writeOperation('jobs.commit-upload', (db) => {
	const addVersion = prepareAddVersion(db);
	const submit = prepareSubmit(db);
	const meter = prepareTransferUsage(db);
	const audit = prepareAudit(db);
	return (args: {
		version: NewVersion;
		tasks: UploadTask[];
		wallMs: number;
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
			(task): NewTask => ({
				...task,
				ownerSeq,
				inputs,
				fileSeq: file.fileSeq,
				dedupeKey: null,
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
		return { file, tasks, submitted };
	};
});
