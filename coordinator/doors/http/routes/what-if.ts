import { whatIfAnswerSchema, whatIfSchema, whatIfStateSchema } from '../../../../shared/protocol/what-if.ts';
import type { WhatIfs } from '../../../what-if/what-ifs.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

export const whatIfRoutes = ({ whatIfs }: { whatIfs: Pick<WhatIfs, 'answer' | 'progress'> }): AnyRoute[] => [
	defineRoute({
		method: 'GET',
		path: '/api/v1/admin/what-if',
		access: { verb: 'read', kind: 'service-class' },
		summary: 'How far the what-if is that is being worked out',
		tag: 'what-if',
		answers: { 200: whatIfStateSchema },
		handler: async () => ({ progress: whatIfs.progress }),
	}),
	defineRoute({
		method: 'POST',
		path: '/api/v1/admin/what-if',
		access: { verb: 'read', kind: 'service-class' },
		summary: 'Play a recorded period again with other classes, queues or nodes, and compare',
		tag: 'what-if',
		body: whatIfSchema,
		answers: { 200: whatIfAnswerSchema },
		async handler({ body, reply }) {
			const gone = new AbortController();
			const leave = () => gone.abort();
			reply.raw.once('close', leave);
			try {
				return (await whatIfs.answer(body, gone.signal)) ?? undefined;
			} finally {
				reply.raw.off('close', leave);
			}
		},
	}),
];
