import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { ROOT } from './run-command.mjs';

const TAIL_LINES = 30;

/**
 * A long-running Node.js program in a process group of its own, so that Ctrl-C reaches us alone and we decide in which
 * order things stop. Its lines go to `onLine`; the last ones are kept for the message when it dies.
 */
export class ManagedProcess {
	#child;
	#tail = [];
	#waiting = new Set();
	exited;

	constructor(name, args, { env = process.env, onLine = () => {} } = {}) {
		this.name = name;
		this.#child = spawn(process.execPath, args, { cwd: ROOT, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
		for (const stream of [this.#child.stdout, this.#child.stderr]) {
			createInterface({ input: stream }).on('line', (line) => {
				this.#tail.push(line);
				if (this.#tail.length > TAIL_LINES) this.#tail.shift();
				for (const waiter of this.#waiting) waiter(line);
				onLine(line);
			});
		}
		this.exited = new Promise((resolve) => {
			this.#child.once('error', (error) => resolve(`could not be started: ${error.message}`));
			this.#child.once('close', (code, signal) =>
				resolve(signal ? `was ended by ${signal}` : `ended with code ${code}`),
			);
		});
	}

	/** The first line that fits the pattern, as its match; rejects with the last lines when the program ends before. */
	line(pattern) {
		return new Promise((resolve, reject) => {
			const look = (line) => {
				const match = pattern.exec(line);
				if (!match) return;
				this.#waiting.delete(look);
				resolve(match);
			};
			for (const line of this.#tail) if (pattern.test(line)) return resolve(pattern.exec(line));
			this.#waiting.add(look);
			this.exited.then((how) => reject(new Error(`${this.name} ${how}.\n${this.#tail.join('\n')}`)));
		});
	}

	signal(name) {
		if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
		try {
			process.kill(-this.#child.pid, name);
		} catch (error) {
			if (error.code !== 'ESRCH') throw error;
		}
	}

	async stop(name = 'SIGTERM') {
		this.signal(name);
		await this.exited;
	}
}
