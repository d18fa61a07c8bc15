import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CpuTime, groupCpu } from '../tasks/cpu-time.ts';

const PREFIX = 'millrace-agent-';
/** Processes that are being killed need a moment until their group can be removed. */
const REMOVE_AGAIN_MS = 100;
const MOST_REMOVALS = 50;

/** A control group of one child and all that it starts: the kernel keeps its account of them, whoever has ended. */
export class ControlGroup {
	readonly folder: string;

	constructor(folder: string) {
		this.folder = folder;
	}

	cpu(): CpuTime | null {
		return groupCpu(this.folder);
	}

	/** Processes in it now. */
	members(): number[] {
		try {
			return readFileSync(join(this.folder, 'cgroup.procs'), 'latin1').split('\n').filter(Boolean).map(Number);
		} catch {
			return [];
		}
	}

	/** Kills all that is in it at one blow, where the kernel can (Linux 5.14 on). */
	kill(): void {
		try {
			writeFileSync(join(this.folder, 'cgroup.kill'), '1');
		} catch {
			// An older kernel, or the group is gone: whoever needs them dead kills them one by one as well.
		}
	}

	/** Ends what is still in it, and removes it as soon as that is gone. */
	remove(triesLeft = MOST_REMOVALS): void {
		this.kill();
		try {
			rmdirSync(this.folder);
		} catch (error) {
			const { code } = error as NodeJS.ErrnoException;
			// What cannot be removed now is left to the next start.
			if (code === 'EBUSY' && triesLeft > 0) setTimeout(() => this.remove(triesLeft - 1), REMOVE_AGAIN_MS).unref();
		}
	}
}

/** Where this process's own group lies in the file system; null without control groups of version 2. */
const ownFolder = (): string | null => {
	try {
		const own = /^0::(.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1];
		for (const line of readFileSync('/proc/self/mountinfo', 'utf8').split('\n')) {
			const [before = '', after = ''] = line.split(' - ');
			if (!after.startsWith('cgroup2 ') || own === undefined) continue;
			const [, , , root = '', mountPoint = ''] = before.split(' ');
			if (root === '/') return join(mountPoint, own);
			// In a container the mount may begin at its own group.
			if (`${own}/`.startsWith(`${root}/`)) return join(mountPoint, own.slice(root.length));
		}
	} catch {
		// No /proc as Linux has it.
	}
	return null;
};

const isAlive = (pid: number): boolean => {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
};

/** Removes what agents that were killed have left beside us. Only empty groups go: a number may mean another process elsewhere. */
const removeLeftOvers = (folder: string): void => {
	for (const name of readdirSync(folder)) {
		if (!name.startsWith(PREFIX) || isAlive(Number(name.slice(PREFIX.length)))) continue;
		try {
			for (const child of readdirSync(join(folder, name), { withFileTypes: true })) {
				if (child.isDirectory()) rmdirSync(join(folder, name, child.name));
			}
			rmdirSync(join(folder, name));
		} catch {
			// Somebody is in it, or another agent is removing it at this moment.
		}
	}
};

/**
 * Makes control groups below this process's own, where it may: as root, or where systemd has delegated it. No controller
 * is asked for, since the kernel counts CPU in every group.
 */
export class ControlGroups {
	readonly #folder: string;
	readonly #onRefused: (reason: string) => void;
	#count = 0;
	#isRefused = false;

	private constructor(folder: string, onRefused: (reason: string) => void) {
		this.#folder = folder;
		this.#onRefused = onRefused;
	}

	/** Null where none can be made. */
	static open(onRefused: (reason: string) => void): ControlGroups | null {
		const own = process.platform === 'linux' ? ownFolder() : null;
		if (own === null) return null;
		const folder = join(own, `${PREFIX}${process.pid}`);
		try {
			removeLeftOvers(own);
			mkdirSync(folder);
		} catch {
			return null;
		}
		if (groupCpu(folder) !== null) return new ControlGroups(folder, onRefused);
		new ControlGroup(folder).remove(0);
		return null;
	}

	/** Gives a process, which has started nothing yet, a group of its own; null where that is not allowed. */
	adopt(pid: number): ControlGroup | null {
		if (this.#isRefused) return null;
		const group = new ControlGroup(join(this.#folder, String(++this.#count)));
		try {
			mkdirSync(group.folder);
			writeFileSync(join(group.folder, 'cgroup.procs'), String(pid));
			return group;
		} catch (error) {
			const { code, message } = error as NodeJS.ErrnoException;
			group.remove(0);
			// ESRCH: that process has ended already. Whatever else it is will be so next time.
			if (code === 'ESRCH') return null;
			this.#isRefused = true;
			this.#onRefused(message);
			return null;
		}
	}

	close(): void {
		new ControlGroup(this.#folder).remove();
	}
}
