import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Attempt } from '../slots/attempt.ts';
import { ProcessTable } from './process-table.ts';

/** nvidia-smi tells once a second what each process has used of each GPU since it told last. */
const EVERY_S = 1;

/** What `nvidia-smi pmon` says of one process on one GPU: the share of the time in which it computed there. */
export interface GpuUse {
	pid: number;
	share: number;
}

/** Reads the lines of `nvidia-smi pmon`, whose columns differ between versions: their names come first. */
export class PmonReader {
	#columns: string[] = [];

	/** Null for a heading, for a GPU that nobody uses, and for whatever is no line of it. */
	read(line: string): GpuUse | null {
		const words = line.replace(/^#/, '').trim().split(/\s+/);
		if (line.startsWith('#')) {
			if (words[0] === 'gpu') this.#columns = words;
			return null;
		}
		const [pid, percent] = ['pid', 'sm'].map((name) => Number(words[this.#columns.indexOf(name)]));
		if (pid === undefined || percent === undefined || !Number.isSafeInteger(pid) || pid <= 1) return null;
		return percent > 0 && percent <= 100 ? { pid, share: percent / 100 } : null;
	}
}

/** Counts for attempts how long their processes compute on the machine's GPUs, where nvidia-smi tells. */
export class GpuWatch {
	readonly #process: ChildProcess;
	readonly #running: () => Iterable<Attempt>;
	readonly #reader = new PmonReader();

	/** `program` is the path of nvidia-smi. */
	constructor(program: string, running: () => Iterable<Attempt>, onEnd: (reason: string) => void) {
		this.#running = running;
		// When this process is gone, the next line that it writes ends it.
		this.#process = spawn(program, ['pmon', '-s', 'u', '-d', String(EVERY_S)], { stdio: ['ignore', 'pipe', 'ignore'] });
		if (this.#process.stdout) {
			createInterface({ input: this.#process.stdout }).on('line', (line) => this.#hear(line));
		}
		this.#process.once('error', ({ message }) => onEnd(message));
		this.#process.once('exit', (code, signal) => {
			if (signal !== 'SIGTERM') onEnd(`it ended with ${signal ?? `exit code ${code}`}`);
		});
	}

	close(): void {
		this.#process.kill('SIGTERM');
	}

	#hear(line: string): void {
		const use = this.#reader.read(line);
		if (use === null) return;
		const table = new ProcessTable();
		for (const attempt of this.#running()) {
			if (attempt.pid === null || !table.familyOf([attempt.pid]).some(({ pid }) => pid === use.pid)) continue;
			attempt.meter?.computedOnGpu(use.share * EVERY_S * 1_000);
			return;
		}
	}
}
