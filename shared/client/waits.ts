import { classWaitSchema } from '../protocol/class-wait.ts';
import type { CallOptions, HttpClient } from './http-client.ts';
import { listOf } from './page.ts';

/** How tasks of each service class wait. */
export const readClassWaits = async (http: HttpClient, options: Pick<CallOptions, 'signal'> = {}) =>
	(await http.json('GET', '/api/v1/admin/waits', listOf(classWaitSchema), options)).items;
