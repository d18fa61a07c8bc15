import type { NodeState } from '../../../shared/protocol/node.ts';
import type { StateLook } from '../../kit/task-words.ts';
import { words } from './words.ts';

/** How a node's state is told. */
export const NODE_LOOKS: Record<NodeState, StateLook> = {
	online: { word: words.online, color: 'teal', icon: 'circleCheck' },
	draining: { word: words.draining, color: 'orange', icon: 'hourglass' },
	cordoned: { word: words.stateCordoned, color: 'orange', icon: 'pause' },
	suspect: { word: words.suspect, color: 'red', icon: 'alert' },
	offline: { word: words.offline, color: 'red', icon: 'wifiOff' },
	revoked: { word: words.stateRevoked, color: 'gray', icon: 'ban' },
};
