import type { Socket } from 'socket.io';
import type { LiveLimits } from './live-limits.ts';
import { TokenBucket } from './token-bucket.ts';

/** What is reached of a connection's WebSocket; the library's types hide it. */
interface Insides {
	writeBuffer: readonly { data?: string | Buffer }[];
	transport: { socket?: { bufferedAmount: number; terminate(): void } };
}
type Connection = Socket['conn'];

const insidesOf = (connection: Connection): Insides => connection as unknown as Insides;

/** Bytes that were sent and that neither the network nor the library's queue has got rid of. */
export const bufferedBytes = (connection: Connection): number => {
	const { writeBuffer, transport } = insidesOf(connection);
	let bytes = transport.socket?.bufferedAmount ?? 0;
	for (const { data } of writeBuffer) bytes += data?.length ?? 0;
	return bytes;
};

/** Ends a connection without waiting for the peer, who may never read again. */
export const terminate = (connection: Connection): void => {
	const { transport } = insidesOf(connection);
	connection.close(true);
	transport.socket?.terminate();
};

/**
 * Weighs every frame of a connection from its first try to enter on, however often it leaves and enters again. The
 * server's own limit is that of agents and too wide for people.
 */
export class FrameGuard {
	/** What the person's sockets share, once it is known who that is. */
	ofPerson: TokenBucket | null = null;

	constructor(connection: Connection, limits: LiveLimits, onExcess: () => void) {
		const own = new TokenBucket(limits.framesPerSecond, limits.framesAtOnce);
		const weigh = (data: string | Buffer): void => {
			if (Buffer.byteLength(data) <= limits.frameBytes && own.take() && (this.ofPerson?.take() ?? true)) return;
			connection.off('data', weigh);
			onExcess();
			terminate(connection);
		};
		connection.on('data', weigh);
	}
}
