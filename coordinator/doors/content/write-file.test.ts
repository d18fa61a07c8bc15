import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { TempFolder } from '../../../test/support/temp-folder.ts';
import type { Download } from '../../files/downloads.ts';
import { writeBytes, writeFile, writeMade } from './write-file.ts';

const MIB = 1024 * 1024;
/** More than any kernel keeps for a receiver that does not read. */
const SIZE = 64 * MIB;
const PIECE = 256 * 1024;

const stack: AsyncDisposable[] = [];
afterEach(async () => {
	for (const one of stack.splice(0).reverse()) await one[Symbol.asyncDispose]();
});

/** A download without a limit, and what it was metered with: only the first word counts. */
const metered = (): { download: Download; sent: Promise<number> } => {
	let tell: (bytes: number) => void = () => {};
	const sent = new Promise<number>((resolve) => {
		tell = resolve;
	});
	const pace = { isLimited: false, isOver: false, piece: (most: number) => most, take: () => null, end() {} };
	return { download: { pace, end: (bytes) => tell(bytes) }, sent };
};

/** A server that answers every request so, and the address to ask. */
const serve = async (answer: (response: ServerResponse, request: IncomingMessage) => void): Promise<string> => {
	const server = createServer((asked, response) => answer(response, asked));
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	stack.push({
		async [Symbol.asyncDispose]() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	});
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
};

/** Reads as much at least and goes away; how much it was. */
const readSome = (url: string, least: number): Promise<number> =>
	new Promise((resolve, reject) => {
		const asked = request(url, (response) => {
			let got = 0;
			response.on('error', () => {});
			response.on('data', (chunk: Buffer) => {
				got += chunk.length;
				if (got < least) return;
				response.destroy();
				resolve(got);
			});
		});
		asked.on('error', reject);
		asked.end();
	});

const WAYS: [
	string,
	(folder: TempFolder) => Promise<(response: ServerResponse, download: Download) => Promise<void>>,
][] = [
	[
		'a file',
		async (folder) => {
			const file = await open(folder.join('content'), 'w+');
			await file.truncate(SIZE);
			stack.push({ [Symbol.asyncDispose]: () => file.close() });
			return (response, download) => writeFile(file, { first: 0, last: SIZE - 1 }, response, download);
		},
	],
	[
		'what is made while it is sent',
		async () => (response, download) =>
			writeMade(
				async (send) => {
					const piece = Buffer.alloc(PIECE);
					for (let made = 0; made < SIZE; made += PIECE) await send(piece);
				},
				response,
				download,
			),
	],
];

test.each(WAYS)('%s that is cut is metered by what was sent of it', async (_, prepare) => {
	const folder = new TempFolder();
	stack.push(folder);
	const write = await prepare(folder);
	const { download, sent } = metered();
	const url = await serve((response) => void write(response, download));
	const got = await readSome(url, 2 * MIB);
	const bytes = await sent;
	// What was cut on its way, a piece or two, is in the receiver's favour.
	expect(bytes).toBeGreaterThanOrEqual(got - 2 * PIECE);
	expect(bytes).toBeLessThan(SIZE);
});

test.each(WAYS)('%s that arrives is metered whole', async (_, prepare) => {
	const folder = new TempFolder();
	stack.push(folder);
	const write = await prepare(folder);
	const { download, sent } = metered();
	const url = await serve((response) => void write(response, download));
	let got = 0;
	for await (const chunk of (await fetch(url)).body!) got += (chunk as Uint8Array).length;
	expect([got, await sent]).toEqual([SIZE, SIZE]);
});

test('little bytes are metered when they were sent, and not when nobody is there any more', async () => {
	const content = Buffer.alloc(1_000);
	const there = metered();
	const url = await serve((response) => void writeBytes(content, response, there.download));
	expect((await (await fetch(url)).arrayBuffer()).byteLength).toBe(1_000);
	expect(await there.sent).toBe(1_000);

	const gone = metered();
	const left = await serve((response, asked) => {
		response.once('close', () => void writeBytes(content, response, gone.download));
		asked.socket.destroy();
	});
	await expect(fetch(left)).rejects.toThrow();
	expect(await gone.sent).toBe(0);
});
