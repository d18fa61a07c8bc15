import type { TaskModule } from './task-module.ts';

/**
 * The code of each built-in type, loaded in children when it is first asked for, and with it the heavy libraries. Apart
 * from the catalog, which needs the manifests and so all that checks them: a child would spend half of its start on it.
 */
export const CODE: ReadonlyMap<string, () => Promise<TaskModule>> = new Map<string, () => Promise<TaskModule>>([
	['noop', async () => (await import('./noop.ts')).noop],
	['md5', async () => (await import('./md5.ts')).md5],
	['mimetype', async () => (await import('./mimetype.ts')).mimetype],
	['imagefacts', async () => (await import('./imagefacts.ts')).imagefacts],
	['fetch', async () => (await import('./fetch.ts')).fetchFile],
	['url', async () => (await import('./url.ts')).url],
	['feed-topic', async () => (await import('./feed-topic.ts')).feedTopic],
	['x-topic', async () => (await import('./x-topic.ts')).xTopic],
	['thumbnail', async () => (await import('./thumbnail.ts')).thumbnail],
	['resize', async () => (await import('./resize.ts')).resize],
	['convert', async () => (await import('./convert.ts')).convert],
	['checksum', async () => (await import('./checksum.ts')).checksum],
	['verify', async () => (await import('./verify.ts')).verify],
	['textstats', async () => (await import('./textstats.ts')).textstats],
	['csvprofile', async () => (await import('./csvprofile.ts')).csvprofile],
	['archivelist', async () => (await import('./archivelist.ts')).archivelist],
]);

/** The code of a built-in type; undefined for others. */
export const loadTask = (type: string): Promise<TaskModule> | undefined => CODE.get(type)?.();
