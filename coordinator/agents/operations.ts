import { joinNode } from './join-store.ts';
import { readNodes, saveDeclared, saveSeen, steerNode } from './node-store.ts';
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
];
