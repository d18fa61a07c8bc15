import { z } from 'zod';
import { manifestSchema } from '../protocol/task-type.ts';
import type { CallOptions, HttpClient } from './http-client.ts';
import { listOf } from './page.ts';

/** Manifests as authors write them are strict; as read by a client they may hold fields of a newer server. */
const manifestViewSchema = z.object(manifestSchema.shape);

/** What can be run here. */
export const listTaskTypes = (http: HttpClient, options: Pick<CallOptions, 'signal'> = {}) =>
	http.json('GET', '/api/v1/task-types', listOf(manifestViewSchema), options);
