import { z } from 'zod';
import { noticePageSchema, type ReadNotices } from '../protocol/notice.ts';
import type { CallOptions, HttpClient } from './http-client.ts';
import type { PageQuery } from './page.ts';

type Signal = Pick<CallOptions, 'signal'>;

/** Newest first; `unread` in the answer counts all, not only this page. */
export const listNotices = (http: HttpClient, page: PageQuery & { unread?: boolean } = {}, options: Signal = {}) =>
	http.json('GET', '/api/v1/notices', noticePageSchema, { query: { ...page }, ...options });

/** Answers how many were not read before. */
export const markNoticesRead = (http: HttpClient, which: ReadNotices, options: Signal = {}) =>
	http.json('POST', '/api/v1/notices:read', z.object({ read: z.number() }), { body: which, ...options });
