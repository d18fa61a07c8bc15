import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { type SmallBlob, SmallWriter } from './small-writer.ts';

export interface WriterData {
	root: string;
	staging: string;
	name: string;
}

export type WriteCall = [id: number, blob: SmallBlob];
/** With what was in the way, and its system error code. */
export type WriteReply = [id: number, error: { message: string; code: string | undefined } | null];

/** Blobs of one round; more would let the first of them wait for too long. */
const MOST_TOGETHER = 64;

/** The body of a thread that writes small blobs. */
export const serveSmallWriter = (): void => {
	const port = parentPort;
	if (!port) throw new Error('this file is the entry of a thread');
	const writer = new SmallWriter(workerData as WriterData);
	port.on('message', (calls: WriteCall[]) => {
		addWaiting(port, calls);
		const outcomes = writer.write(calls.map(([, blob]) => blob));
		port.postMessage(calls.map(([id], index) => reply(id, outcomes[index] ?? null)));
	});
};

/** What came while the last round was being written belongs to this one. */
const addWaiting = (port: MessagePort, calls: WriteCall[]): void => {
	while (calls.length < MOST_TOGETHER) {
		const more = receiveMessageOnPort(port);
		if (!more) return;
		for (const call of more.message as WriteCall[]) calls.push(call);
	}
};

const reply = (id: number, error: NodeJS.ErrnoException | null): WriteReply => [
	id,
	error && { message: error.message, code: error.code },
];
