import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TcpProxy } from './tcp-proxy.ts';
import { waitFor } from './wait-for.ts';

let server: Server;
let proxy: TcpProxy;
const sockets: Socket[] = [];

/** What one end has received, and how it ended. */
class Ear {
	text = '';
	ended = false;
	error: NodeJS.ErrnoException | null = null;
	closed = false;
	/** Node sends an end just before a reset, and who is quick sees the end. */
	get isOver(): boolean {
		return this.ended || this.closed;
	}
	constructor(socket: Socket) {
		sockets.push(socket);
		socket.setEncoding('latin1');
		socket.on('data', (chunk) => {
			this.text += chunk;
		});
		socket.on('end', () => {
			this.ended = true;
		});
		socket.on('error', (error) => {
			this.error = error;
		});
		socket.on('close', () => {
			this.closed = true;
		});
	}
}

const pair = async () => {
	const arrived = once(server, 'connection') as Promise<[Socket]>;
	const client = connect({ port: proxy.port, host: '127.0.0.1', allowHalfOpen: true });
	const clientEar = new Ear(client);
	const [far] = await arrived;
	return { client, clientEar, far, farEar: new Ear(far) };
};

beforeEach(async () => {
	server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
	await once(server, 'listening');
	proxy = await TcpProxy.listen({ port: (server.address() as AddressInfo).port });
});
afterEach(() => {
	proxy[Symbol.dispose]();
	for (const socket of sockets.splice(0)) socket.destroy();
	server.close();
});

test('carries bytes and ends both ways, and counts them', async () => {
	const { client, clientEar, far, farEar } = await pair();
	client.end('hello');
	await waitFor('the end at the server', () => farEar.ended);
	expect(farEar.text).toBe('hello');
	far.end('good day');
	await waitFor('the end at the client', () => clientEar.ended);
	expect(clientEar.text).toBe('good day');
	expect([proxy.bytes('up'), proxy.bytes('down'), proxy.accepted]).toEqual([5, 8, 1]);
	await waitFor('the connection to be forgotten', () => proxy.openConnections === 0);
});

test('cutAll resets both ends', async () => {
	const { client, clientEar, farEar } = await pair();
	client.write('x');
	await waitFor('the byte', () => farEar.text === 'x');
	proxy.cutAll();
	await waitFor('both resets', () => clientEar.isOver && farEar.isOver);
	expect([clientEar.error?.code, farEar.error?.code]).toEqual(['ECONNRESET', 'ECONNRESET']);
});

test('a black hole holds one direction only, hides the end, and gives everything back when healed', async () => {
	const { client, clientEar, far, farEar } = await pair();
	proxy.blackHole('up');
	client.end('lost?');
	far.write('one way');
	await waitFor('the open direction', () => clientEar.text === 'one way');
	expect([farEar.text, farEar.ended]).toEqual(['', false]);
	proxy.heal();
	await waitFor('what was held back', () => farEar.text === 'lost?' && farEar.ended);
});

test('a reset behind a black hole is not learned of until it heals', async () => {
	const { client, clientEar, far, farEar } = await pair();
	far.write('up');
	await waitFor('the connection', () => clientEar.text === 'up');
	proxy.blackHole('up');
	client.resetAndDestroy();
	await waitFor('the client to be gone', () => clientEar.closed);
	far.write('anybody there?');
	expect(farEar.closed).toBe(false);
	proxy.heal();
	await waitFor('the reset to arrive', () => farEar.isOver);
});

test('cutAfter lets exactly n bytes through', async () => {
	const { client, clientEar, farEar } = await pair();
	const cut = proxy.cutAfter(7, 'up');
	client.write('0123');
	client.write('456789');
	await cut;
	await waitFor('the cut at both ends', () => clientEar.isOver && farEar.isOver, {
		lastSeen: () => ({ clientEar, farEar }),
	});
	expect(farEar.text).toBe('0123456');
	const second = await pair();
	second.client.write('whole');
	await waitFor('the next connection to work', () => second.farEar.text === 'whole');
});

test('cutAfter(0) takes the answer away before its first byte', async () => {
	const { client, clientEar, far, farEar } = await pair();
	const cut = proxy.cutAfter(0, 'down');
	client.write('question');
	await waitFor('the question', () => farEar.text === 'question');
	far.write('answer');
	await cut;
	await waitFor('the cut', () => clientEar.isOver);
	expect(clientEar.text).toBe('');
});

test('flipByte changes one byte once', async () => {
	const { client, farEar } = await pair();
	const flipped = proxy.flipByte(2, 'up');
	client.write('\0\0\0\0');
	await flipped;
	await waitFor('four bytes', () => farEar.text.length === 4);
	client.write('\0\0\0\0');
	await waitFor('eight bytes', () => farEar.text.length === 8);
	expect(Buffer.from(farEar.text, 'latin1')).toEqual(Buffer.from([0, 0, 255, 0, 0, 0, 0, 0]));
});

test('delay and throttle keep every byte in order', async () => {
	const { client, farEar } = await pair();
	proxy.delay(20, 'up');
	proxy.throttle(200_000, 'up');
	const sent = Buffer.alloc(60_000, 'abcdefghij').toString('latin1');
	const startedAt = performance.now();
	client.write(sent);
	await waitFor('all of it', () => farEar.text.length === sent.length);
	expect(farEar.text).toBe(sent);
	// 60,000 bytes at 200,000 a second cannot take less than 300 ms; there is no upper bound on a busy machine.
	expect(performance.now() - startedAt).toBeGreaterThan(280);
});

test('carries more than it holds in memory, at the pace of the reader', async () => {
	const { client, far, farEar } = await pair();
	far.pause();
	const sent = Buffer.alloc(12 * 1024 * 1024, 7);
	client.end(sent);
	far.resume();
	await waitFor('everything', () => farEar.ended);
	expect(farEar.text.length).toBe(sent.length);
});

test('refuse turns new connections away and admit takes them again on the same port', async () => {
	const { client, farEar } = await pair();
	proxy.refuse();
	const refused = new Ear(connect({ port: proxy.port, host: '127.0.0.1' }));
	await waitFor('the refusal', () => refused.closed);
	expect(refused.error?.code).toBe('ECONNREFUSED');
	client.write('still here');
	await waitFor('the open connection to go on', () => farEar.text === 'still here');
	await proxy.admit();
	const again = await pair();
	again.client.write('back');
	await waitFor('the new connection', () => again.farEar.text === 'back');
});
