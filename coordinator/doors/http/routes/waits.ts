import { z } from 'zod';
import { classWaitSchema } from '../../../../shared/protocol/class-wait.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

type Waits = z.infer<typeof classWaitSchema>[];

export const waitRoutes = ({ monitoring }: { monitoring: { classWaits(): Waits } }): AnyRoute[] => [
	defineRoute({
		method: 'GET',
		path: '/api/v1/admin/waits',
		access: { verb: 'read', kind: 'service-class' },
		summary: 'How long tasks of each service class waited within the last hour, and what is in line',
		tag: 'monitoring',
		answers: { 200: z.object({ items: z.array(classWaitSchema) }) },
		handler: async () => ({ items: monitoring.classWaits() }),
	}),
];
