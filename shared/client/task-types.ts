import { z } from 'zod';
import { type ManifestInput, manifestSchema } from '../protocol/task-type.ts';
import type { CallOptions, HttpClient } from './http-client.ts';
import { listOf } from './page.ts';

type Signal = Pick<CallOptions, 'signal'>;

/** Manifests as authors write them are strict; as read by a client they may hold fields of a newer server. */
const manifestViewSchema = z.object(manifestSchema.shape);

const PATH = '/api/v1/task-types';
const ADMIN = '/api/v1/admin/task-types';

/** What can be run here. */
export const listTaskTypes = (http: HttpClient, options: Signal = {}) =>
	http.json('GET', PATH, listOf(manifestViewSchema), options);

/** The newest version that can be used, or any that ever was. */
export const readTaskType = (http: HttpClient, name: string, version?: number, options: Signal = {}) =>
	http.json('GET', `${PATH}/${encodeURIComponent(name)}`, manifestViewSchema, { query: { version }, ...options });

/** Whatever a file holds may be given: the server says what is wrong with it. */
export type GivenManifest = ManifestInput | Record<string, unknown>;

/** The manifest with its defaults, as it would be stored; nothing is changed. */
export const checkTaskType = (http: HttpClient, manifest: GivenManifest, options: Signal = {}) =>
	http.json('POST', `${ADMIN}:check`, manifestViewSchema, { body: manifest, ...options });

/** Offers it to everybody; the same manifest twice is one version. */
export const installTaskType = (http: HttpClient, manifest: GivenManifest, options: Signal = {}) =>
	http.json('POST', ADMIN, z.object({ name: z.string(), version: z.number() }), { body: manifest, ...options });

/** Takes an installed one away: its open tasks run on, new ones are refused. `force`: also while recipes use it. */
export const retireTaskType = (http: HttpClient, name: string, force = false): Promise<void> =>
	http.call('DELETE', `${ADMIN}/${encodeURIComponent(name)}`, force ? { query: { force } } : {});
