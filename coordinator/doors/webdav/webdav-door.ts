import type { IncomingMessage, ServerResponse } from 'node:http';
import { CodedError } from '../../../shared/coded-error.ts';
import type { Actor } from '../../accounts/actor.ts';
import { requirePermission, type Verb } from '../../accounts/permissions.ts';
import { discardRest } from '../content/discard-rest.ts';
import { DavError, davProblem } from './dav-error.ts';
import type { DavMethod, DavRequest, DavRooms } from './dav-request.ts';
import { lockedAt } from './locked-at.ts';
import { remove } from './methods/delete.ts';
import { get } from './methods/get.ts';
import { lock } from './methods/lock.ts';
import { mkcol } from './methods/mkcol.ts';
import { answerStranger, options } from './methods/options.ts';
import { propfind } from './methods/propfind.ts';
import { proppatch } from './methods/proppatch.ts';
import { put } from './methods/put.ts';
import { transfer } from './methods/transfer.ts';
import { unlock } from './methods/unlock.ts';
import { type OwnHosts, readAddress } from './read-address.ts';

interface Served {
	verb: Verb;
	/** It reads the body itself. */
	takesBody: boolean;
	run: DavMethod;
}

const METHODS = new Map<string, Served>([
	['OPTIONS', { verb: 'read', takesBody: false, run: options }],
	['GET', { verb: 'read', takesBody: false, run: get }],
	['HEAD', { verb: 'read', takesBody: false, run: get }],
	['PROPFIND', { verb: 'read', takesBody: true, run: propfind }],
	['PUT', { verb: 'write', takesBody: true, run: put }],
	['MKCOL', { verb: 'write', takesBody: false, run: mkcol }],
	['COPY', { verb: 'write', takesBody: false, run: transfer('copy') }],
	['MOVE', { verb: 'write', takesBody: false, run: transfer('move') }],
	['DELETE', { verb: 'delete', takesBody: false, run: remove }],
	['PROPPATCH', { verb: 'write', takesBody: true, run: proppatch }],
	['LOCK', { verb: 'write', takesBody: true, run: lock }],
	['UNLOCK', { verb: 'write', takesBody: false, run: unlock }],
]);

const ALL_METHODS = [...METHODS.keys()].sort().join(', ');

/**
 * WebDAV, class 1 and 2 (RFC 4918). It reads what is asked, calls the rooms and shapes their answers; refusals are
 * thrown, for the frame to answer in the shape that `problem` gives them.
 */
export class WebdavDoor {
	readonly #rooms: DavRooms;
	readonly #hosts: OwnHosts;

	constructor(options: { rooms: DavRooms; hosts: OwnHosts }) {
		this.#rooms = options.rooms;
		this.#hosts = options.hosts;
	}

	/** Answers what anybody may ask; false: it is to be known who asks. */
	readonly answerStranger = (request: IncomingMessage, response: ServerResponse): boolean =>
		answerStranger(request, response, ALL_METHODS);

	/** What a method needs of one's files; one that there is not needs no more than to be told so. */
	readonly accessOf = (method: string): { verb: Verb; kind: 'file' } => ({
		verb: METHODS.get(method)?.verb ?? 'read',
		kind: 'file',
	});

	/** How a refusal looks. */
	readonly problem = davProblem;

	/** Answers a request below the drive's address, or throws why not. */
	async handle(request: IncomingMessage, response: ServerResponse, actor: Actor): Promise<void> {
		const method = METHODS.get(request.method ?? '');
		if (!method) {
			response.setHeader('allow', ALL_METHODS);
			throw new CodedError('method-not-allowed');
		}
		const place = readAddress(request.url ?? '');
		requirePermission(actor, method.verb, { kind: 'file', ownerSeq: actor.userSeq });
		if (!method.takesBody) discardRest(request);
		const dav: DavRequest = { request, response, actor, place, hosts: this.#hosts, rooms: this.#rooms };
		try {
			await method.run(dav);
		} catch (error) {
			if (error instanceof CodedError && error.code === 'locked' && !(error instanceof DavError)) {
				const condition = request.method === 'LOCK' ? 'no-conflicting-lock' : 'lock-token-submitted';
				throw new DavError('locked', condition, error.message, [lockedAt(error, place)]);
			}
			throw error;
		}
	}
}
