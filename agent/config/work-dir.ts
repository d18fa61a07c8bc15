import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** When a process began, so that a number that was given out again is not taken for it. */
const startOf = (pid: number): string => {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
		return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
	} catch {
		// Not Linux, or it is gone.
		return '';
	}
};

const isAlive = (pid: number): boolean => {
	// Signal 0 to process 0 or to a group would be answered by ourselves.
	if (!Number.isInteger(pid) || pid < 1) return false;
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
};

/** The folder in which one agent keeps its identity, its cache and what it is working at. One agent at a time has it. */
export class WorkDir {
	readonly #path: string;

	private constructor(path: string) {
		this.#path = path;
	}

	/** Takes the folder. Throws with a sentence when a living agent has it. */
	static take(path: string): WorkDir {
		mkdirSync(path, { recursive: true, mode: 0o700 });
		const workDir = new WorkDir(path);
		const mine = `${process.pid} ${startOf(process.pid)}\n`;
		try {
			writeFileSync(workDir.#lock, mine, { flag: 'wx' });
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
			const [pid = '', start = ''] = readFileSync(workDir.#lock, 'utf8').trim().split(' ');
			if (isAlive(Number(pid)) && startOf(Number(pid)) === start && Number(pid) !== process.pid) {
				const advice = 'Give each agent a --work-dir or a --name of its own.';
				throw new Error(`The work folder ${path} is in use by the agent with process id ${pid}. ${advice}`);
			}
			writeFileSync(workDir.#lock, mine);
		}
		return workDir;
	}

	get identity(): string {
		return join(this.#path, 'identity.json');
	}

	get cache(): string {
		return join(this.#path, 'cache');
	}

	get attempts(): string {
		return join(this.#path, 'attempts');
	}

	get spool(): string {
		return join(this.#path, 'settlements.jsonl');
	}

	release(): void {
		rmSync(this.#lock, { force: true });
	}

	get #lock(): string {
		return join(this.#path, 'agent.pid');
	}
}
