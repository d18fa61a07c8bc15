import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { ControlGroups } from './control-groups.ts';

const refusals: string[] = [];
const groups = ControlGroups.open((reason) => refusals.push(reason));
afterAll(() => groups?.close());

/** Starts when it is told to: by then it is in its group. */
const held = (script: string): ChildProcess =>
	spawn('/bin/sh', ['-c', `read go; ${script}`], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });

describe.skipIf(groups === null)('a control group', () => {
	it('counts who has ended, who was never waited for, and who has left the session', async () => {
		const work = 'i=0; while [ $i -lt 30000 ]; do i=$((i+1)); done';
		const child = held(`(setsid sh -c '${work}; exit 0' &) ; (${work}); ${work}; sleep 600`);
		const group = groups?.adopt(child.pid ?? -1);
		const ended = once(child, 'exit');
		child.stdin?.end('go\n');
		// Only the last one sleeps when all the others are done.
		await expect.poll(() => group?.members().length, { timeout: 60_000 }).toBeGreaterThan(0);
		await expect.poll(() => group?.cpu()?.totalUs ?? 0, { timeout: 60_000 }).toBeGreaterThan(20_000);
		group?.kill();
		await ended;
		await expect.poll(() => group?.members()).toEqual([]);
		expect(group?.cpu()?.systemUs).toBeLessThanOrEqual(group?.cpu()?.totalUs ?? 0);
		group?.remove();
		await expect.poll(() => existsSync(group?.folder ?? '')).toBe(false);
		expect(refusals).toEqual([]);
	});

	it('is not made for a process that is gone, and that is no reason to make no more', async () => {
		const child = held('exit 0');
		child.stdin?.end('go\n');
		await once(child, 'exit');
		expect(groups?.adopt(child.pid ?? -1)).toBeNull();
		const next = held('exit 0');
		const group = groups?.adopt(next.pid ?? -1);
		expect(group?.members()).toEqual([next.pid]);
		next.stdin?.end('go\n');
		await once(next, 'exit');
		group?.remove();
	});
});
