import type { DeadProperty } from '../../../drive/properties.ts';
import { responseOf } from '../multistatus.ts';
import type { PropfindRequest } from '../xml/propfind-request.ts';
import { emptyElement } from '../xml/write-xml.ts';
import { DAV, MILLRACE, type XmlName } from '../xml/xml-element.ts';
import { ALL_LIVE, findLive, type LiveProperty, type Shown } from './live-properties.ts';

const NONE: readonly DeadProperty[] = [];

interface Asked {
	name: XmlName;
	/** As it looks when it is not there, or only named. */
	empty: string;
	live: LiveProperty | null;
	open: string;
	close: string;
}

/** Everything about a property that does not depend on the resource, so that ten thousand of them are fast. */
const asked = (name: XmlName): Asked => {
	const live = findLive(name);
	const prefix = name.namespace === DAV ? 'D:' : name.namespace === MILLRACE ? 'm:' : '';
	const tag = prefix + name.name;
	return { name, live, empty: live ? `<${tag}/>` : emptyElement(name), open: `<${tag}>`, close: `</${tag}>` };
};

/** What a PROPFIND asks for, thought through once: what has to be found out, and how each resource is told. */
export class PropfindPlan {
	readonly needsLocks: boolean;
	readonly needsQuota: boolean;
	readonly needsTasks: boolean;
	/** Properties that clients have given. */
	readonly needsDead: boolean;
	readonly #kind: PropfindRequest['kind'];
	readonly #asked: readonly Asked[];

	constructor(request: PropfindRequest) {
		this.#kind = request.kind;
		const live =
			request.kind === 'names' ? ALL_LIVE : request.kind === 'all' ? ALL_LIVE.filter((one) => one.isUsual) : [];
		const named = request.kind === 'some' ? request.names : request.kind === 'all' ? request.include : [];
		const more = named.filter(
			(name) => !live.some((one) => one.name === name.name && one.namespace === name.namespace),
		);
		this.#asked = [...live, ...more].map(({ namespace, name }) => asked({ namespace, name }));
		// Of what is only named no value is told.
		const needs = (need: LiveProperty['need']): boolean =>
			request.kind !== 'names' && this.#asked.some((one) => one.live?.need === need);
		this.needsLocks = needs('locks');
		this.needsQuota = needs('quota');
		this.needsTasks = needs('tasks');
		this.needsDead = request.kind !== 'some' || this.#asked.some((one) => one.live === null);
	}

	/** The resource's `response`. */
	tell(href: string, shown: Shown, dead: readonly DeadProperty[] = NONE): string {
		let found = '';
		let missing = '';
		const isNamed = this.#kind === 'names';
		const given = this.#kind === 'some' && dead.length > 0 ? byName(dead) : null;
		for (const { name, live, empty, open, close } of this.#asked) {
			if (live && isNamed) {
				if (live.isThere(shown)) found += empty;
			} else if (live) {
				const value = live.read(shown);
				if (value === null) missing += empty;
				else found += value === '' ? empty : open + value + close;
			} else {
				const property = given?.get(keyOf(name));
				if (property) found += property.value;
				else missing += empty;
			}
		}
		if (this.#kind === 'some') {
			if (missing === '') return responseOf(href, [{ status: '200 OK', properties: found }]);
			const lacking = { status: '404 Not Found', properties: missing };
			return responseOf(href, found === '' ? [lacking] : [{ status: '200 OK', properties: found }, lacking]);
		}
		// Whoever did not ask for one by name is not told what there is not.
		for (const property of dead) found += isNamed ? emptyElement(property) : property.value;
		return responseOf(href, [{ status: '200 OK', properties: found }]);
	}
}

const keyOf = ({ namespace, name }: XmlName): string => `${namespace} ${name}`;

const byName = (properties: readonly DeadProperty[]): Map<string, DeadProperty> =>
	new Map(properties.map((property) => [keyOf(property), property]));
