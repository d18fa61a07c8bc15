import { z } from 'zod';
import { idSchema } from '../../../../shared/protocol/ids.ts';
import { secretSlotSchema } from '../../../../shared/protocol/task-type.ts';
import type { Secrets } from '../../../secrets/secrets.ts';
import { type AttemptRooms, attemptLease } from '../attempt-lease.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

const params = z.strictObject({
	task: idSchema('task'),
	attempt: z.coerce.number().int().min(1),
	slot: secretSlotSchema,
});

/** The only way in which a secret leaves the coordinator. */
export const agentSecretRoutes = (rooms: AttemptRooms & { secrets: Pick<Secrets, 'forTask'> }): AnyRoute[] => {
	const { secrets } = rooms;
	const leaseOf = attemptLease(rooms);
	return [
		defineRoute({
			method: 'GET',
			path: '/api/v1/agent/attempts/:task/:attempt/secrets/:slot',
			access: 'attempt',
			summary: 'Fetch a secret that the task of a live attempt was given',
			tag: 'agents',
			params,
			answers: { 200: z.object({ value: z.string() }) },
			async handler({ params: at, request }) {
				const { task } = leaseOf(at, request.headers.authorization);
				return { value: await secrets.forTask({ ownerSeq: task.owner, given: task.payload?.given ?? null }, at.slot) };
			},
		}),
	];
};
