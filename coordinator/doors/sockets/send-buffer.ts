import type { Socket } from 'socket.io';

export type Connection = Socket['conn'];

/** What is reached of a connection's WebSocket; the library's types hide it. */
interface Insides {
	writeBuffer: readonly { data?: string | Buffer }[];
	transport: { socket?: { bufferedAmount: number; terminate(): void } };
}

const insidesOf = (connection: Connection): Insides => connection as unknown as Insides;

/** Bytes that were sent to the peer and that it has not let through yet, here and in the library's queue. */
export const bufferedBytes = (connection: Connection): number => {
	const { writeBuffer, transport } = insidesOf(connection);
	let bytes = transport.socket?.bufferedAmount ?? 0;
	for (const { data } of writeBuffer) bytes += data?.length ?? 0;
	return bytes;
};

/** Ends the connection, with all its namespaces, without waiting for the peer, who may never read again. */
export const terminate = (connection: Connection): void => {
	const { transport } = insidesOf(connection);
	connection.close(true);
	transport.socket?.terminate();
};
