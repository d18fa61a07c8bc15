// Preloaded into an agent's children by NODE_OPTIONS: tells, by UDP, when each no-op task with a number as `echo` began.
// It looks at messages as they are emitted and adds no listener, so that the child behaves as it does without it.
import { createSocket } from 'node:dgram';

if (process.send) {
	const socket = createSocket('udp4');
	socket.unref();
	const port = Number(process.env.BENCH_PORT);
	const emit = process.emit;
	process.emit = function (event, message, ...rest) {
		if (event === 'message') {
			for (const { parameters } of message?.runs ?? []) {
				if (typeof parameters?.echo !== 'number') continue;
				const datagram = Buffer.alloc(16);
				datagram.writeBigUInt64LE(BigInt(parameters.echo), 0);
				datagram.writeDoubleLE(performance.timeOrigin + performance.now(), 8);
				socket.send(datagram, port, '127.0.0.1');
			}
		}
		return emit.call(this, event, message, ...rest);
	};
}
