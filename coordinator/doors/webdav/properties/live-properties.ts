import type { DriveLock } from '../../../drive/locks.ts';
import { isOwn, type Place } from '../../../drive/place.ts';
import type { DriveFile, DriveResource } from '../../../drive/resource.ts';
import { shortEtagOf } from '../../content/content-headers.ts';
import { escapeXml } from '../xml/write-xml.ts';
import { DAV, MILLRACE, type XmlName } from '../xml/xml-element.ts';
import { activeLocks } from './active-lock.ts';

/** A resource and what is known beside it, as far as it was asked for. */
export interface Shown {
	resource: DriveResource;
	place: Place;
	/** Those that cover it. */
	locks: readonly DriveLock[];
	quota: { usedBytes: number; leftBytes: number | null } | null;
	now: number;
}

/** What has to be found out for it, which nobody else needs. */
type Need = 'locks' | 'quota' | 'tasks';

export interface LiveProperty extends XmlName {
	/** Told to who asks for all. */
	isUsual: boolean;
	need: Need | null;
	/** Its value as XML; null where there is no such property. */
	read(shown: Shown): string | null;
	/** Whether there is such a property, whatever its value is. */
	isThere(shown: Shown): boolean;
}

const usual = (name: string, read: LiveProperty['read'], need: Need | null = null): LiveProperty => ({
	...{ namespace: DAV, name, isUsual: true, need, read },
	isThere: (shown) => read(shown) !== null,
});
/** RFC 4331 wants these told by name only. */
const byName = (name: string, read: LiveProperty['read'], need: Need): LiveProperty => ({
	...usual(name, read, need),
	isUsual: false,
	isThere: ({ place, resource }) => isOwn(place) && resource.kind === 'folder',
});
const own = (name: string, read: (file: DriveFile) => string | null, need: Need | null = null): LiveProperty => ({
	...{ namespace: MILLRACE, name, isUsual: false, need },
	isThere: ({ resource: { file } }) => file !== null && (need !== null || read(file) !== null),
	read({ resource: { file } }) {
		const text = file && read(file);
		return text === null ? null : escapeXml(text);
	},
});

const MEDIA_TYPE = /^[\w.+-]{1,60}\/[\w.+-]{1,120}(; charset=utf-8)?$/;

/** Only what is one by its looks: it was found out by somebody's task. */
export const contentTypeOf = ({ mediaType }: DriveFile): string =>
	mediaType !== null && MEDIA_TYPE.test(mediaType) ? mediaType : 'application/octet-stream';

/** Whether it can be locked: only what can be written is. */
const isLockable = ({ place, resource }: Shown): boolean => isOwn(place) && !resource.isReadOnly;

const lockKind = (scope: string): string =>
	`<D:lockentry><D:lockscope><D:${scope}/></D:lockscope><D:locktype><D:write/></D:locktype></D:lockentry>`;
const LOCK_KINDS = lockKind('exclusive') + lockKind('shared');

const LIVE: readonly LiveProperty[] = [
	usual('resourcetype', ({ resource }) => (resource.kind === 'folder' ? '<D:collection/>' : '')),
	usual('displayname', ({ resource }) => escapeXml(resource.name || 'Millrace')),
	usual('getetag', ({ resource: { file } }) => file && escapeXml(shortEtagOf(file.sha256))),
	usual('getcontentlength', ({ resource: { file } }) => file && String(file.size)),
	usual('getcontenttype', ({ resource: { file } }) => file && contentTypeOf(file)),
	usual('getlastmodified', ({ resource }) => new Date(resource.modifiedAt).toUTCString()),
	usual('creationdate', ({ resource }) => `${new Date(resource.createdAt).toISOString().slice(0, 19)}Z`),
	usual('supportedlock', (shown) => (isLockable(shown) ? LOCK_KINDS : '')),
	usual('lockdiscovery', ({ locks, place, resource, now }) => activeLocks(locks, { place, resource }, now), 'locks'),
	byName('quota-used-bytes', ({ quota }) => quota && String(quota.usedBytes), 'quota'),
	byName('quota-available-bytes', ({ quota }) => (quota?.leftBytes == null ? null : String(quota.leftBytes)), 'quota'),
	own('sha256', ({ sha256 }) => sha256),
	own('md5', ({ md5 }) => md5),
	own('media-type', ({ mediaType }) => mediaType),
	own('tasks', ({ tasks }) => tasks, 'tasks'),
];

const BY_NAME = new Map(LIVE.map((property) => [`${property.namespace} ${property.name}`, property]));

export const ALL_LIVE = LIVE;

/** Null: it is no property of ours, so clients may keep there what they like. */
export const findLive = ({ namespace, name }: XmlName): LiveProperty | null =>
	BY_NAME.get(`${namespace} ${name}`) ?? null;
