import { writeOperation } from '../database/operation.ts';
import { CHORE_OPERATIONS } from './chore-store.ts';
import { SCRUB_OPERATIONS } from './scrub-store.ts';

export const forgetIdempotencyKeys = writeOperation('upkeep.forget-idempotency-keys', (db) => {
	const remove = db.prepare('DELETE FROM idempotency_keys WHERE created_at < ?');
	return ({ before }: { before: number }) => remove.run(before).changes;
});

export const UPKEEP_OPERATIONS = [forgetIdempotencyKeys, ...CHORE_OPERATIONS, ...SCRUB_OPERATIONS];
