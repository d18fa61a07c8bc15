import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Every folder made here starts with this, so that a process which works in one can be recognised as a test's. */
export const TEMP_PREFIX = `millrace-test-${process.pid}-`;

/** A new empty folder that goes with everything in it when disposed. `MILLRACE_KEEP=1` keeps it for a look. */
export class TempFolder {
	readonly path: string;

	constructor(options: { under?: string } = {}) {
		this.path = mkdtempSync(join(options.under ?? tmpdir(), TEMP_PREFIX));
	}

	join(...names: string[]): string {
		return join(this.path, ...names);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		if (process.env.MILLRACE_KEEP === '1') {
			console.error(`kept: ${this.path}`);
			return;
		}
		// Not through the pool of threads: for the hundreds of small folders of a blob store that is twice the work.
		rmSync(this.path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
	}
}
