import type { IncomingMessage, ServerResponse } from 'node:http';
import { CodedError } from '../../../shared/coded-error.ts';
import type { UploadAnswer } from '../../../shared/protocol/file.ts';
import type { Actor } from '../../accounts/actor.ts';
import type { Drive } from '../../drive/drive.ts';
import type { Place } from '../../drive/place.ts';
import type { DriveResource, Wants } from '../../drive/resource.ts';
import type { Condition } from '../../files/condition.ts';
import type { Downloads } from '../../files/downloads.ts';
import type { BlobSource } from '../../files/staged-blob.ts';
import type { Accesses } from '../../recipes/accesses.ts';
import type { OwnHosts } from './read-address.ts';

/** The way of new content into the system: one for all doors. */
interface UploadSpine {
	receive(upload: {
		actor: Actor;
		path: string;
		source: BlobSource;
		declaredBytes: number | null;
		sha256: string | null;
		condition: Condition;
		/** It comes from a drive: it is processed when it has settled, locks are asked, and folders have to be there. */
		settles: { tokens: readonly string[] };
	}): Promise<UploadAnswer & { created: boolean }>;
}

/** What the door calls. */
export interface DavRooms {
	drive: Drive;
	uploads: UploadSpine;
	files: { downloads: Pick<Downloads, 'begin'> };
	accesses: Pick<Accesses, 'served'>;
}

/** One request, who makes it and what it is about. */
export interface DavRequest {
	request: IncomingMessage;
	response: ServerResponse;
	actor: Actor;
	place: Place;
	hosts: OwnHosts;
	rooms: DavRooms;
}

/** A place in the person's own tree. */
export type OwnPlace = Place & { area: 'files' };

/** Answers one method, or throws why not. */
export type DavMethod = (dav: DavRequest) => Promise<void>;

/** The place, if it is in the tree that can be changed at all; whatever is asked for elsewhere is refused. */
export const requireOwn = (place: Place): OwnPlace => {
	if (place.area === 'files') return place;
	throw new CodedError(
		'forbidden',
		place.area === 'datasets'
			? 'Datasets cannot be changed through the drive. Copy what you need to your files.'
			: 'Only what lies in files can be changed.',
	);
};

/** What is at the request's place. Throws `not-found`. */
export const requireResource = async ({ actor, place, rooms }: DavRequest, wants?: Wants): Promise<DriveResource> => {
	const resource = await rooms.drive.find(actor, place, wants);
	if (!resource) throw new CodedError('not-found', 'There is nothing of that name.');
	return resource;
};
