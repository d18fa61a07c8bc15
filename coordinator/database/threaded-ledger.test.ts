import { copyFileSync, existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundledEntry } from '../../test/support/bundled-entry.ts';
import { count, fill, waitForFile } from '../../test/support/few-operations.ts';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { waitFor } from '../../test/support/wait-for.ts';
import { ThreadedLedger } from './threaded-ledger.ts';
import { WAL_SOFT_LIMIT } from './wal.ts';

let folder: TempFolder;
let file: string;
let ledger: ThreadedLedger;
let failures: Error[];
beforeEach(async () => {
	folder = new TempFolder();
	file = folder.join('ledger.db');
	failures = [];
	const entry = await bundledEntry('test/support/few-operations-thread.ts');
	ledger = await ThreadedLedger.open({ file, entry, onFatal: (error) => failures.push(error) });
});
afterEach(async () => {
	await ledger[Symbol.asyncDispose]();
	await folder[Symbol.asyncDispose]();
	expect(failures).toEqual([]);
});

describe('threads that start when there is something for them to do', () => {
	it('another reader answers while the first is at something long', async () => {
		const sign = folder.join('sign');
		const long = ledger.read(waitForFile, sign);
		let answers = 0;
		const asked: Promise<void>[] = [];
		await waitFor('an answer beside the long one', () => {
			asked.push(
				ledger.read(count, undefined).then(() => {
					answers += 1;
				}),
			);
			return answers > 0;
		});
		writeFileSync(sign, '');
		expect(await long).toBe(sign);
		// Those that stood behind it too.
		await Promise.all(asked);
		expect(ledger.waiting).toEqual({ writes: 0, reads: 0 });
	});

	it('a long log is copied into the ledger while nobody waits for it', async () => {
		const bytes = WAL_SOFT_LIMIT + 1;
		await ledger.write(fill, bytes);
		expect(statSync(file).size).toBeLessThan(bytes);
		await waitFor('the log to be copied', () => statSync(file).size > bytes);
	});

	it('are tried again when they cannot be started, and nothing ends for that', async () => {
		const good = await bundledEntry('test/support/few-operations-thread.ts');
		const entry = new URL(`./late-${process.pid}.mjs`, good);
		const [sign, tried] = [folder.join('sign'), folder.join('tried')];
		copyFileSync(good, entry);
		try {
			const file = folder.join('other.db');
			await using other = await ThreadedLedger.open({ file, entry, onFatal: (error) => failures.push(error) });
			writeFileSync(
				entry,
				`import { writeFileSync } from 'node:fs'; writeFileSync('${tried}', ''); throw new Error('no');`,
			);
			const long = other.read(waitForFile, sign);
			let answers = 0;
			const asked: Promise<unknown>[] = [];
			const ask = () => asked.push(other.read(count, undefined).then(() => (answers += 1)));
			await waitFor('a try', () => ask() > 0 && existsSync(tried));
			copyFileSync(good, entry);
			await waitFor('an answer beside the long one', () => ask() > 0 && answers > 0);
			writeFileSync(sign, '');
			await Promise.all([long, ...asked]);
		} finally {
			rmSync(entry);
		}
	});

	it('are ended with the others, also before they are there', async () => {
		await ledger.write(fill, WAL_SOFT_LIMIT + 1);
		await ledger[Symbol.asyncDispose]();
		await expect(ledger.read(count, undefined)).rejects.toMatchObject({ code: 'shutting-down' });
	});
});
