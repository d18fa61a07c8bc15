import { z } from 'zod';
import { healthViewSchema } from '../protocol/health.ts';
import type { CallOptions, HttpClient } from './http-client.ts';

/** Whether the coordinator takes work, and its version when it tells. */
export const readReadiness = (http: HttpClient, options: Pick<CallOptions, 'signal'> = {}) =>
	http.json('GET', '/readyz', z.looseObject({ version: z.string().optional() }), options);

/** Every check by name, made now. */
export const readHealth = (http: HttpClient, options: Pick<CallOptions, 'signal'> = {}) =>
	http.json('GET', '/api/v1/admin/health', healthViewSchema, options);
