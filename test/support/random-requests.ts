import type { SeededRandom } from './seeded-random.ts';

const STRINGS = [
	'',
	'a',
	'0',
	'-1',
	'null',
	'true',
	'undefined',
	'NaN',
	'1e309',
	'../../../etc/passwd',
	'/',
	'//',
	'\0',
	'%00',
	'%ff',
	'%2e%2e%2f',
	"' OR 1=1 --",
	'"; DROP TABLE tasks; --',
	'<script>alert(1)</script>',
	'$HOME$(id)`id`',
	'\r\nset-cookie: a=b',
	'\u202e\u0007\u001b[2J',
	'\ud800',
	'👩‍👩‍👧‍👦',
	'noop',
	'md5',
	'normal.noop',
	'normal',
	'queued',
	'#',
	'*.#',
	'2026-01-01T00:00:00Z',
	'9999-12-31T23:59:59.999Z',
	'user',
	'administrator',
	'/a/b.txt',
	'x'.repeat(300),
	'x'.repeat(70_000),
];
const NUMBERS = [0, 1, -1, 4, 9, 10, 0.5, 1e9, 2 ** 31, 2 ** 53, 1e308, -1e308];
const FIELDS = [
	...[
		'type',
		'inputs',
		'parameters',
		'routingKey',
		'priority',
		'notBefore',
		'expiresAt',
		'dedupeKey',
		'after',
		'tasks',
	],
	...['file', 'version', 'sleepMs', 'cpuMs', 'echo', 'name', 'bindingKeys', 'path', 'username', 'password', 'role'],
	...['scopes', 'disabled', 'queues', 'uses', 'expiresInMs', 'concurrency', 'topics', 'running', 'seq', 'metrics'],
	...['items', 'attempts', 'task', 'attempt', 'token', 'outcome', 'result', 'outputs', 'usage', 'protocol', 'node'],
	...['__proto__', 'constructor', 'toString', 'length'],
];

/** Any JSON value of a moderate size. */
export const randomJson = (random: SeededRandom, depth = 3): unknown => {
	switch (random.between(0, depth > 0 ? 7 : 4)) {
		case 0:
			return random.pick([null, true, false]);
		case 1:
			return random.pick(NUMBERS);
		case 2:
		case 3:
		case 4:
			return random.pick(STRINGS);
		case 5:
			return Array.from({ length: random.between(0, 4) }, () => randomJson(random, depth - 1));
		default:
			return Object.fromEntries(
				Array.from({ length: random.between(0, 6) }, () => [random.pick(FIELDS), randomJson(random, depth - 1)]),
			);
	}
};

/** One request, as far as a client may choose it. */
export interface RandomRequest {
	method: string;
	path: string;
	headers: Record<string, string>;
	body: Buffer | string | undefined;
}

/** What of an OpenAPI document is needed. */
export interface PathsOf {
	paths: Record<string, Record<string, { parameters?: { name: string; in: string }[] }>>;
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const HEADERS: [string, string[]][] = [
	[
		'content-type',
		['application/json', 'text/plain', 'application/octet-stream', 'a/b', '', 'application/json; charset=utf-16'],
	],
	['range', ['bytes=0-', 'bytes=-1', 'bytes=9-1', 'bytes=0-0,2-3', 'x']],
	['if-match', ['*', '""', '"x"', 'W/"y"', ',']],
	['if-none-match', ['*', '""', 'x']],
	['idempotency-key', ['k', 'k2', 'x'.repeat(300)]],
	['upload-length', ['0', '10', '-1', 'x', '99999999999999999']],
	['upload-offset', ['0', '5', '-1', 'x']],
	['upload-metadata', ['path L2E=', 'path', 'path L2E=,path L2I=', '%%%', 'sha256 eA==']],
	['tus-resumable', ['1.0.0', '0.2.2', 'x']],
	['content-digest', ['sha-256=:AAAA:', 'x']],
	['accept', ['text/html', '*/*', 'x']],
	['origin', ['https://evil.example', 'null']],
	['x-forwarded-for', ['1.2.3.4', 'x']],
	['authorization', ['Attempt x', 'Basic eDp5']],
];

const fill = (random: SeededRandom, template: string, ids: readonly string[]): string =>
	template.replaceAll(/\{[^}]+\}/g, () =>
		random.next() < 0.5 ? random.pick(ids) : encodeURIComponent(wellFormed(random.pick(STRINGS))).slice(0, 2_000),
	);
const wellFormed = (text: string): string => text.replaceAll(/[\ud800-\udbff](?![\udc00-\udfff])/g, '\ufffd');

/** A request to one of the document's paths, more or less wrong. Credentials are left to the caller. */
export const randomRequest = (random: SeededRandom, api: PathsOf, ids: readonly string[]): RandomRequest => {
	const template = random.pick(Object.keys(api.paths));
	const known = Object.keys(api.paths[template] ?? {}).map((method) => method.toUpperCase());
	const method = random.next() < 0.9 ? random.pick(known) : random.pick(METHODS);
	const query = new URLSearchParams();
	const named = api.paths[template]?.[method.toLowerCase()]?.parameters?.filter((one) => one.in === 'query') ?? [];
	for (const { name } of named)
		if (random.next() < 0.4) query.append(name, wellFormed(random.pick(STRINGS)).slice(0, 500));
	if (random.next() < 0.1) query.append(random.pick(FIELDS), 'x');
	const headers: Record<string, string> = {};
	for (const [name, values] of HEADERS) if (random.next() < 0.12) headers[name] = random.pick(values);
	let body: RandomRequest['body'];
	if (!['GET', 'HEAD', 'OPTIONS'].includes(method)) {
		const kind = random.next();
		if (kind < 0.75) {
			body = JSON.stringify(randomJson(random));
			headers['content-type'] ??= 'application/json';
		} else if (kind < 0.9) body = random.bytes(random.between(0, 2_000));
	}
	const path = fill(random, template, ids);
	return { method, path: query.size > 0 ? `${path}?${query}` : path, headers, body };
};
