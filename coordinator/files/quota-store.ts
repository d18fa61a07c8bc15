import type { Database } from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import type { Policy } from '../qos/policy.ts';

/** What a person's files may take; null is no limit. */
export interface Quota {
	serviceClass: string;
	bytes: number | null;
	files: number | null;
}

/** Null when the class has none: then nothing is looked up. */
export const quotaOf = ({ serviceClass, settings }: Policy): Quota | null => {
	const { storedBytes, files } = settings.quotas;
	return storedBytes === null && files === null ? null : { serviceClass, bytes: storedBytes, files };
};

/** From so much of a quota on a person is told that it is nearly used up. */
const NEARLY = 0.9;

/** What a person's files take, and the quota, as the person sees both. */
export const storageView = (quota: Quota | null, used: Coming) => {
	const { bytes = null, files = null } = quota ?? {};
	const isNear = (limit: number | null, taken: number) => limit !== null && taken >= limit * NEARLY;
	return {
		...{ usedBytes: used.bytes, files: used.files, quotaBytes: bytes, quotaFiles: files },
		nearlyFull: isNear(bytes, used.bytes) || isNear(files, used.files),
	};
};

/** What would come in addition. */
export interface Coming {
	bytes: number;
	files: number;
}

/**
 * What a person's files take, with what is kept in the person's datasets: publishing a file hides no bytes. What is linked
 * in place is kept nowhere here.
 */
export const prepareStorageUse = (db: Database): ((ownerSeq: number) => Coming) => {
	const select = db.prepare(
		`SELECT coalesce((SELECT files FROM storage_use WHERE owner_seq = @ownerSeq), 0) AS files,
		        coalesce((SELECT bytes FROM storage_use WHERE owner_seq = @ownerSeq), 0)
		          + (SELECT coalesce(sum(bytes), 0) FROM datasets WHERE owner_seq = @ownerSeq AND root IS NULL) AS bytes`,
	);
	return (ownerSeq) => select.get({ ownerSeq }) as Coming;
};

/** Throws `quota-exceeded` when so much more is too much; inside the transaction that adds it, that is exact. */
export const prepareRequireQuota = (db: Database): ((ownerSeq: number, quota: Quota, coming: Coming) => void) => {
	const useOf = prepareStorageUse(db);
	return (ownerSeq, quota, coming) => {
		const used = useOf(ownerSeq);
		const refuse = (what: 'bytes' | 'files', limit: number): CodedError =>
			new CodedError(
				'quota-exceeded',
				`Your service class ${quota.serviceClass} gives you room for ${limit} ${what}; your files take ${used[what]} and this would take ${coming[what]} more: ${used[what] + coming[what] - limit} too many. Destroy what you no longer need; older versions, the trash and your datasets count too.`,
			);
		for (const what of ['bytes', 'files'] as const) {
			const limit = quota[what];
			// Nothing more is never too much, even for whoever has more than the class gives by now.
			if (limit !== null && coming[what] > 0 && used[what] + coming[what] > limit) throw refuse(what, limit);
		}
	};
};
