// The same work for BullMQ, in a process of its own: tells when each task began, by UDP.
import { createSocket } from 'node:dgram';
import { createRequire } from 'node:module';
import { setTimeout as pause } from 'node:timers/promises';

const require = createRequire(`${process.env.BENCH_MODULES}/`);
const { Worker } = require('bullmq');
const { Redis } = require('ioredis');
const socket = createSocket('udp4');
const worker = new Worker(
	'bench',
	async ({ data }) => {
		const message = Buffer.alloc(16);
		message.writeBigUInt64LE(BigInt(data.number), 0);
		message.writeDoubleLE(performance.timeOrigin + performance.now(), 8);
		socket.send(message, Number(process.env.BENCH_PORT), '127.0.0.1');
		if (data.sleepMs) await pause(data.sleepMs);
	},
	{
		connection: new Redis(Number(process.env.BENCH_REDIS), '127.0.0.1', { maxRetriesPerRequest: null }),
		concurrency: 8,
	},
);
await worker.waitUntilReady();
console.log('worker ready');
process.on('SIGTERM', async () => {
	await worker.close();
	process.exit(0);
});
