import { newId } from '../../coordinator/database/new-id.ts';
import type { NewTask } from '../../coordinator/queue/submit-store.ts';

/** A task of the first person that does nothing, checked and ready to be stored. */
export const plainTask = (typeSeq: number, wanted: Partial<NewTask> = {}): NewTask => ({
	id: newId('task'),
	ownerSeq: 1,
	typeSeq,
	routingKey: 'normal.noop',
	priority: 4,
	parameters: '{}',
	inputs: '[]',
	fileSeq: null,
	jobSeq: null,
	origin: null,
	dedupeKey: null,
	serviceClass: null,
	notBefore: null,
	expiresAt: null,
	after: [],
	...wanted,
});
