import type { IncomingMessage, ServerResponse } from 'node:http';
import { CodedError } from '../../../shared/coded-error.ts';
import type { Actor } from '../../accounts/actor.ts';
import type { Drive } from '../../drive/drive.ts';
import type { Place } from '../../drive/place.ts';
import type { DriveResource, Wants } from '../../drive/resource.ts';
import type { Downloads } from '../../files/downloads.ts';
import type { Accesses } from '../../recipes/accesses.ts';
import type { OwnHosts } from './read-address.ts';

/** What the door calls. */
export interface DavRooms {
	drive: Drive;
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

/** Answers one method, or throws why not. */
export type DavMethod = (dav: DavRequest) => Promise<void>;

/** What is at the request's place. Throws `not-found`. */
export const requireResource = async ({ actor, place, rooms }: DavRequest, wants?: Wants): Promise<DriveResource> => {
	const resource = await rooms.drive.find(actor, place, wants);
	if (!resource) throw new CodedError('not-found', 'There is nothing of that name.');
	return resource;
};
