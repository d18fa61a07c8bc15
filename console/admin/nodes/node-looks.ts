import type { NodeState } from '../../../shared/protocol/node.ts';
import type { StateLook } from '../../kit/task-words.ts';

/** How a node's state is told. */
export const NODE_LOOKS: Record<NodeState, StateLook> = {
	online: { word: 'Online', color: 'teal', icon: 'circleCheck' },
	draining: { word: 'Draining', color: 'orange', icon: 'hourglass' },
	cordoned: { word: 'Cordoned', color: 'orange', icon: 'pause' },
	suspect: { word: 'Suspect', color: 'red', icon: 'alert' },
	offline: { word: 'Offline', color: 'red', icon: 'wifiOff' },
	revoked: { word: 'Revoked', color: 'gray', icon: 'ban' },
};
