import type { Socket } from 'socket.io';

/** What is reached of a connection's WebSocket; the library's types hide it. */
interface Insides {
	writeBuffer: readonly { data?: string | Buffer }[];
	transport: { socket?: { bufferedAmount: number; terminate(): void } };
}

const insidesOf = (socket: Socket): Insides => socket.conn as unknown as Insides;

/** Bytes that were sent to the peer and that it has not let through yet, here and in the library's queue. */
export const bufferedBytes = (socket: Socket): number => {
	const { writeBuffer, transport } = insidesOf(socket);
	let bytes = transport.socket?.bufferedAmount ?? 0;
	for (const { data } of writeBuffer) bytes += data?.length ?? 0;
	return bytes;
};

/** Ends the connection without waiting for the peer, who may never read again. */
export const terminate = (socket: Socket): void => {
	const { transport } = insidesOf(socket);
	socket.disconnect(true);
	transport.socket?.terminate();
};
