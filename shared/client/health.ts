import { z } from 'zod';
import { healthViewSchema } from '../protocol/health.ts';
import type { CallOptions, HttpClient } from './http-client.ts';

/** Whether the coordinator takes work, and its version when it tells. */
export const readReadiness = (http: HttpClient, options: Pick<CallOptions, 'signal'> = {}) =>
	http.json('GET', '/readyz', z.looseObject({ version: z.string().optional() }), options);

/** Every check by name, made now. */
export const readHealth = (http: HttpClient, options: Pick<CallOptions, 'signal'> = {}) =>
	http.json('GET', '/api/v1/admin/health', healthViewSchema, options);

/** How the coordinator is, for whoever helps: the body is a zip. */
export const readDiagnosis = (http: HttpClient, options: Pick<CallOptions, 'signal'> = {}) =>
	http.send('GET', '/api/v1/admin/diagnosis', { timeoutMs: 0, ...options });
