import type { Socket } from 'socket.io';
import { TokenBucket } from '../../../shared/token-bucket.ts';
import { terminate } from '../sockets/send-buffer.ts';
import type { LiveLimits } from './live-limits.ts';

type Connection = Socket['conn'];

/**
 * Weighs every frame of a connection from its first try to enter on, however often it leaves and enters again. The
 * server's own limit is that of agents and too wide for people.
 */
export class FrameGuard {
	/** What the person's sockets share, once it is known who that is. */
	ofPerson: TokenBucket | null = null;

	constructor(connection: Connection, limits: LiveLimits, onExcess: () => void) {
		const own = new TokenBucket({ perSecond: limits.framesPerSecond, burst: limits.framesAtOnce }, () =>
			performance.now(),
		);
		const weigh = (data: string | Buffer): void => {
			if (Buffer.byteLength(data) <= limits.frameBytes && own.take(1) && (this.ofPerson?.take(1) ?? true)) return;
			connection.off('data', weigh);
			onExcess();
			terminate(connection);
		};
		connection.on('data', weigh);
	}
}
