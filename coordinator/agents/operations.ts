import { joinNode } from './join-store.ts';
import { readReturning, steerNode, undoNode } from './node-act-store.ts';
import { readNodes, saveDeclared, saveSeen } from './node-store.ts';
import { createNodeToken, deleteNodeToken, knowsNodeToken, listNodeTokens } from './node-token-store.ts';

/** All SQL of this room. */
export const AGENT_OPERATIONS = [
	createNodeToken,
	listNodeTokens,
	deleteNodeToken,
	knowsNodeToken,
	joinNode,
	readNodes,
	saveDeclared,
	saveSeen,
	steerNode,
	undoNode,
	readReturning,
];
