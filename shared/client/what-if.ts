import { type WhatIfAnswer, type WhatIfInput, whatIfAnswerSchema, whatIfStateSchema } from '../protocol/what-if.ts';
import type { CallOptions, HttpClient } from './http-client.ts';

/** The server gives up after a minute. */
const TIMEOUT_MS = 120_000;

/** Plays a recorded period again with other classes, queues or nodes, and compares. */
export const askWhatIf = (
	http: HttpClient,
	whatIf: WhatIfInput,
	options: Pick<CallOptions, 'signal'> = {},
): Promise<WhatIfAnswer> =>
	http.json('POST', '/api/v1/admin/what-if', whatIfAnswerSchema, { body: whatIf, timeoutMs: TIMEOUT_MS, ...options });

/** How far the one is that is being worked out, whoever asked for it. */
export const readWhatIfProgress = (http: HttpClient, options: Pick<CallOptions, 'signal'> = {}) =>
	http.json('GET', '/api/v1/admin/what-if', whatIfStateSchema, options);
