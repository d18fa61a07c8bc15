import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { expect, it } from 'vitest';
import { Multistatus, responseOf } from './multistatus.ts';

/** An answer that is taken as fast as the test says. */
class SlowResponse extends EventEmitter {
	headersSent = false;
	destroyed = false;
	status = 0;
	headers: Record<string, unknown> = {};
	text = '';
	isFull = false;

	writeHead(status: number, headers: Record<string, unknown>): void {
		Object.assign(this, { status, headers, headersSent: true });
	}

	write(piece: Buffer): boolean {
		this.text += piece;
		return !this.isFull;
	}

	end(piece: Buffer): void {
		this.text += piece;
	}
}

const start = () => {
	const response = new SlowResponse();
	return { response, answer: new Multistatus(response as unknown as ServerResponse) };
};
const one = responseOf('/dav/a', [{ status: '200 OK', properties: '<D:x/>' }]);

it('says nothing before it has much, so that a refusal can still be told', () => {
	const { response, answer } = start();
	expect(answer.add(one)).toBeNull();
	expect(response.headersSent).toBe(false);
	answer.end();
	expect(response).toMatchObject({ status: 207, headers: { 'content-length': Buffer.byteLength(response.text) } });
	expect(response.text).toContain('<D:multistatus xmlns:D="DAV:"');
	expect(response.text.endsWith('</D:multistatus>\n')).toBe(true);
});

it('goes out in pieces, no faster than it is taken', async () => {
	const { response, answer } = start();
	const large = one.repeat(1_000);
	expect(answer.add(large)).toBeNull();
	expect(response.headers).not.toHaveProperty('content-length');
	const sent = response.text.length;
	response.isFull = true;
	const room = answer.add(large);
	expect(response.text.length).toBeGreaterThan(sent);
	response.emit('drain');
	await room;
	expect(response.listenerCount('close')).toBe(0);
	answer.end();
	expect(response.text.match(/<D:response>/g)).toHaveLength(2_000);
});

it('does not wait for a receiver that has gone', async () => {
	const { response, answer } = start();
	response.isFull = true;
	const room = answer.add(one.repeat(1_000));
	response.destroyed = true;
	response.emit('close');
	await room;
	expect(answer.isGone).toBe(true);
	expect(answer.add(one.repeat(1_000))).toBeNull();
});
