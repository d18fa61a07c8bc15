import { z } from 'zod';
import { idSchema } from '../protocol/ids.ts';
import { deliverySchema, type newWebhookSchema, webhookSchema, webhookWithKeySchema } from '../protocol/webhook.ts';
import type { CallOptions, HttpClient } from './http-client.ts';
import { listOf, type PageQuery } from './page.ts';

type Signal = Pick<CallOptions, 'signal'>;

const PATH = '/api/v1/webhooks';
const pathOf = (id: string) => `${PATH}/${encodeURIComponent(id)}`;

export const listWebhooks = (http: HttpClient, options: Signal = {}) =>
	http.json('GET', PATH, listOf(webhookSchema), options);

/** The signing key is in the answer and nowhere else. */
export const createWebhook = (http: HttpClient, webhook: z.input<typeof newWebhookSchema>) =>
	http.json('POST', PATH, webhookWithKeySchema, { body: webhook });

export const deleteWebhook = (http: HttpClient, id: string): Promise<void> => http.call('DELETE', pathOf(id));

export const testWebhook = (http: HttpClient, id: string) =>
	http.json('POST', `${pathOf(id)}:test`, z.object({ delivery: idSchema('delivery') }));

export const resumeWebhook = (http: HttpClient, id: string) => http.json('POST', `${pathOf(id)}:resume`, webhookSchema);

/** Newest first. */
export const listDeliveries = (http: HttpClient, id: string, page: PageQuery = {}, options: Signal = {}) =>
	http.json('GET', `${pathOf(id)}/deliveries`, listOf(deliverySchema), { query: { ...page }, ...options });
