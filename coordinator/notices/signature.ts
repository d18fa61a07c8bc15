import { createHmac } from 'node:crypto';

/**
 * The value of `Millrace-Signature`. The time of the try, in seconds, is signed with the body: who keeps a window of some
 * minutes is not fooled by one that was recorded.
 */
export const signatureOf = (key: string, body: string, nowMs: number): string => {
	const seconds = Math.floor(nowMs / 1_000);
	return `t=${seconds},v1=${createHmac('sha256', key).update(`${seconds}.${body}`).digest('hex')}`;
};
