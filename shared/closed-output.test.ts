import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { onClosedOutput } from './closed-output.ts';

const exitsOf = (serves: boolean, code: string): number[] => {
	const exits: number[] = [];
	const output = new EventEmitter();
	onClosedOutput(output, { serves, exit: (exit) => exits.push(exit) });
	output.emit('error', Object.assign(new Error('broken'), { code }));
	return exits;
};

test('a command whose output nobody reads any more ends well, and what serves goes on', () => {
	expect(exitsOf(false, 'EPIPE')).toEqual([0]);
	expect(exitsOf(true, 'EPIPE')).toEqual([]);
	expect(exitsOf(false, 'EIO')).toEqual([1]);
	expect(exitsOf(true, 'EIO')).toEqual([1]);
});
