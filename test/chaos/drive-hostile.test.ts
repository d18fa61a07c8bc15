import { readdirSync, readlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Api } from '../support/api.ts';
import { rounds } from '../support/chaos-length.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import { DriveClient } from '../support/drive-client.ts';
import { residentBytes } from '../support/processes.ts';
import { type SeededRandom, seededRandom } from '../support/seeded-random.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';
import { waitFor } from '../support/wait-for.ts';

const WARM_UP = 1_000;
const REQUESTS = rounds(10_000, 200_000);
const AT_ONCE = 16;
const CUTS = rounds(200, 5_000);
const MB = 1_000_000;

let coordinator: RunningCoordinator;
let anna: Api;
let drive: DriveClient;

beforeAll(async () => {
	coordinator = await startCoordinator();
	anna = await coordinator.newUser('anna');
	drive = await DriveClient.open(anna, 'anna');
});
afterAll(() => coordinator?.[Symbol.asyncDispose]());

const linkOf = (path: string): string => {
	try {
		return readlinkSync(path);
	} catch {
		return '';
	}
};

/**
 * Files and sockets. Folders of blobs are kept open from their first use on, to be synced; pipes and the like, and what
 * the ledger and the history lie in, are those of threads, which start when there is something for them to do.
 */
const openFiles = (): number => {
	const folder = `/proc/${coordinator.pid}/fd`;
	const links = readdirSync(folder).map((name) => linkOf(`${folder}/${name}`));
	const isOfThreads = (link: string) => /\/(blobs\/[0-9a-f]{2}|(ledger|history)\.db(-wal|-shm)?)$/.test(link);
	return links.filter((link) => /^\/|^socket:/.test(link) && !isOfThreads(link)).length;
};

const METHODS = [
	...['OPTIONS', 'GET', 'HEAD', 'PUT', 'DELETE', 'MKCOL', 'COPY', 'MOVE', 'PROPFIND', 'PROPPATCH', 'LOCK', 'UNLOCK'],
	...['POST', 'PATCH', 'REPORT', 'SEARCH', 'ACL', 'BREW'],
];
const PATHS = [
	...['/dav', '/dav/', '/dav/files', '/dav/files/', '/dav/files/a', '/dav/files/a/b', '/dav/datasets/', '/dav/x'],
	...['/dav/files/..', '/dav/files/%2e%2e/x', '/dav/files/%00', '/dav/files/%ff', '/dav/files/a%2fb', '/dav/files//'],
	...['/dav/files/%', '/dav/files/%e0%80', '/dav//files', '/dav/files/a?x#y', '/dav/../api/v1/me', '/davfiles', '*'],
	...[
		'/dav/files/_inbox/x/y',
		'/dav/datasets/sample-images',
		'/dav/datasets/sample-images/x',
		`/dav/files/${'x'.repeat(3000)}`,
	],
	`/dav/files/${'a/'.repeat(70)}`,
];
const HEADERS = [
	...['depth: infinity', 'depth: 0', 'depth: 1', 'depth: -1', 'depth: 99999999999', 'overwrite: F', 'overwrite: x'],
	...[
		'destination: http://elsewhere.example/dav/files/x',
		'destination: /dav/files/b',
		'destination: %ff',
		'destination:',
	],
	...[
		'destination: http://127.0.0.1/dav/files/../x',
		'if: (<urn:uuid:x>)',
		'if: (<',
		'if: ()',
		'if: (Not <DAV:no-lock>)',
	],
	...['if: <http://x/> (["etag"])', `if: ${'(<a>)'.repeat(900)}`, 'timeout: Second-x', 'timeout: Infinite, Second-1'],
	...['lock-token: <x>', 'lock-token: x', 'range: bytes=0-', 'range: bytes=9-1', 'content-range: bytes 0-1/2'],
	...['if-match: *', 'if-match: x', 'if-none-match: *', 'content-type: text/xml', 'transfer-encoding: chunked'],
	...['content-encoding: gzip', 'expect: 100-continue', 'content-length: -1', 'content-length: 9000000000000'],
];
const BODIES = [
	...['', 'x', '<', '<a/>', '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', '\u0000\u0001', '{"a":1}'],
	'<D:propfind xmlns:D="DAV:"><D:allprop/></D:propfind>',
	'<D:propfind xmlns:D="DAV:"><D:prop><x:y xmlns:x=""/></D:prop></D:propfind>',
	'<D:propertyupdate xmlns:D="DAV:"><D:set><D:prop><D:getetag>x</D:getetag></D:prop></D:set></D:propertyupdate>',
	'<D:lockinfo xmlns:D="DAV:"><D:lockscope><D:shared/></D:lockscope><D:locktype><D:write/></D:locktype></D:lockinfo>',
	`<a ${Array.from({ length: 3000 }, (_, at) => `xmlns:n${at}="u${at}"`).join(' ')}/>`,
	'<a>'.repeat(5000),
	`<D:propfind xmlns:D="DAV:"><D:prop>${'<D:x/>'.repeat(8000)}</D:prop></D:propfind>`,
];

/** Half of them by nobody; some declare a body that never comes whole. */
const hostile = (random: SeededRandom): string => {
	const headers = Array.from({ length: random.between(0, 4) }, () => random.pick(HEADERS));
	if (random.between(0, 1) === 0) headers.push(`authorization: ${drive.authorization}`);
	else if (random.between(0, 40) === 0)
		headers.push(`authorization: Basic ${random.pick(['', '!', '=', 'YTpi', 'OjoK'])}`);
	const body = random.pick(BODIES);
	const length = Buffer.byteLength(body) + random.pick([0, 0, 0, 0, 7, -1]);
	if (!headers.some((header) => header.startsWith('content-length')) && length >= 0) {
		headers.push(`content-length: ${length}`);
	}
	const head = [`${random.pick(METHODS)} ${random.pick(PATHS)} HTTP/1.1`, `host: 127.0.0.1:${coordinator.port}`];
	return `${[...head, ...headers, 'connection: close'].join('\r\n')}\r\n\r\n${body}`;
};

/** Sends it and hears what comes; whoever waits for bytes that never come is left after the first piece of an answer. */
const send = (text: string): Promise<string> =>
	new Promise((resolve) => {
		const socket = connect(coordinator.port, '127.0.0.1', () => socket.write(text));
		let heard = '';
		// What was declared and does not come is not waited for: this side ends.
		socket.setTimeout(300, () => socket.end());
		socket.on('data', (piece: Buffer) => {
			heard += piece.toString('latin1').slice(0, 500);
		});
		socket.on('error', () => {});
		socket.on('close', () => resolve(heard));
	});

const storm = async (random: SeededRandom, count: number): Promise<Record<string, number>> => {
	const statuses: Record<string, number> = {};
	let left = count;
	const worker = async () => {
		while (left-- > 0) {
			const text = hostile(random);
			const heard = await send(text);
			const status = /^HTTP\/1\.1 (\d{3})/.exec(heard)?.[1] ?? 'none';
			statuses[status] = (statuses[status] ?? 0) + 1;
			if (status === '500') throw new Error(`a fault of ours: ${text.slice(0, 500)}\n${heard}`);
		}
	};
	await Promise.all(Array.from({ length: AT_ONCE }, worker));
	return statuses;
};

test(`${REQUESTS} malformed requests leave the same process, no open file and little memory`, async (context) => {
	const random = seededRandom(context);
	const { pid } = coordinator;
	await storm(random, WARM_UP);
	const [files, memory] = [openFiles(), residentBytes(pid)];
	const statuses = await storm(random, REQUESTS);
	expect(Object.values(statuses).reduce((sum, count) => sum + count, 0)).toBe(REQUESTS);
	expect(coordinator.process.isRunning && coordinator.pid === pid, coordinator.log).toBe(true);
	await waitFor('no file to be open any more', () => openFiles() <= files, { lastSeen: openFiles });
	// Threads of the ledger that start meanwhile are a part of it.
	expect(residentBytes(pid) - memory).toBeLessThan(80 * MB);
	expect(await anna.get('/me')).toMatchObject({ username: 'anna' });
}, 300_000);

/** Begins a request and cuts the line once so much of it has gone either way. */
const cut = (head: string, body: Buffer | null): Promise<void> =>
	new Promise((resolve) => {
		const socket = connect(coordinator.port, '127.0.0.1', () => {
			socket.write(`${head}\r\nhost: 127.0.0.1\r\nauthorization: ${drive.authorization}\r\n\r\n`);
			if (body) socket.write(body, () => socket.destroy());
		});
		socket.once('data', () => socket.destroy());
		socket.on('error', () => {});
		socket.on('close', () => resolve());
	});

test(`${CUTS} cut GETs and PUTs leave no open file and the old content`, async (context) => {
	const content = seededRandom(context).bytes(8 * MB);
	// Somebody else's: the storm may have left locks.
	drive = await DriveClient.open(await coordinator.newUser('bert'), 'bert');
	expect(await drive.status('PUT', '/files/large.bin', content)).toBe(201);
	const before = openFiles();
	for (let at = 0; at < CUTS; at += 10) {
		await Promise.all(
			Array.from({ length: 10 }, (_, lane) =>
				lane % 2 === 0
					? cut('GET /dav/files/large.bin HTTP/1.1', null)
					: cut('PUT /dav/files/large.bin HTTP/1.1\r\ncontent-length: 8000000', content.subarray(0, 1 * MB)),
			),
		);
	}
	await waitFor('no file to be open any more', () => openFiles() <= before, { lastSeen: openFiles });
	const answer = await drive.raw('GET', '/files/large.bin');
	expect([answer.status, answer.body.equals(content)]).toEqual([200, true]);
	await coordinator.stop();
	// Nobody has worked on what was uploaded.
	await checkInvariants({ data: coordinator.data, settled: false });
});
