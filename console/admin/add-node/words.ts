import { plural } from '../../kit/format.ts';
import { catalogue } from '../../kit/words.ts';

/** What the screen says by which machines are added. */
export const words = catalogue('add-node', {
	title: 'Add a node',
	lead: 'A machine joins by one command. It connects to this coordinator by itself; nothing has to be opened on its side.',
	step1: '1. What it is to do',
	step2: '2. Start its agent',
	step3: '3. It joins',
	queues: 'Queues',
	queuesHint: 'What it may serve. Empty: normal and priority, and any that its agent asks for later.',
	noQueue: 'No such queue',
	concurrency: 'Tasks at once',
	concurrencyHint: 'Empty: as many as it has cores',
	machines: 'How many machines',
	machinesHint: 'The same command adds each of them',
	expires: 'Can be used for',
	address: 'Address of this coordinator',
	addressHint: 'As the new machine reaches it',
	badAddress: 'Write an address such as https://mill.example.',
	hereOnly: 'Other machines cannot reach this address: it means the machine itself.',
	make: 'Make the command',
	another: 'Make another',
	run: 'Run this on the new machine, where Millrace is installed:',
	clone:
		'In a clone of the source it is node dist/agent/main.js instead of agent. The token is in the environment, since everybody on a machine can read its command lines; it is shown here once.',
	command: 'the command',
	cloud: 'As cloud-init, for machines that set themselves up',
	cloudText: 'the cloud-init text',
	cloudHint: 'The image must have Node.js and Millrace, so that agent is found.',
	download: 'Download',
	left: (time: string) => `Can be used for ${time} more`,
	over: 'It can be used no more. Make another.',
	waiting: (machines: number) =>
		machines === 1 ? 'Waiting for the machine to join…' : `Waiting for ${plural(machines, 'machine')} to join…`,
	all: (machines: number) => (machines === 1 ? 'It has joined.' : `All ${machines} have joined.`),
	welcome: 'Welcome',
	joined: (name: string) => `${name} has joined`,
	look: 'Look at it',
	tokens: 'Tokens that can still be used',
	noTokens: 'No token is open. One is made with each command.',
	tokensWhat: 'The tokens cannot be shown',
	id: 'Token',
	usesLeft: 'Uses left',
	made: 'Made',
	expiresAt: 'Expires',
	anyQueue: 'any',
	revoke: 'Revoke',
	revoked: 'No node joins by it any more. Those that have joined stay.',
	notRevoked: 'The token was not revoked',
	notMade: 'No token was made',
	adminsTitle: 'Only administrators add nodes',
	adminsText: 'Ask one of them, or look at the nodes that are there.',
	toNodes: 'To the nodes',
});

/** How long a token can live, in milliseconds, in words. */
export const LIFETIMES: readonly (readonly [ms: number, word: string])[] = [
	[900_000, '15 minutes'],
	[3_600_000, '1 hour'],
	[28_800_000, '8 hours'],
	[86_400_000, '24 hours'],
];
