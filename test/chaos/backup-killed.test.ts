import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listBackups } from '../../coordinator/backup/backup-folder.ts';
import { halfRestored, refuseHalfRestored } from '../../coordinator/backup/half-restored.ts';
import { layoutOf } from '../../coordinator/backup/layout.ts';
import { openBackup } from '../../coordinator/backup/open-backup.ts';
import { verifyBackup } from '../../coordinator/backup/verify-backup.ts';
import { verifyData } from '../../coordinator/verify/verify-data.ts';
import type { BackupManifest } from '../../shared/protocol/backup.ts';
import { IS_LONG } from '../support/chaos-length.ts';
import { builtFile, REPOSITORY } from '../support/repository.ts';
import { type SeededRandom, seededRandom } from '../support/seeded-random.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';
import { TempFolder } from '../support/temp-folder.ts';
import { type Exit, TestProcess } from '../support/test-process.ts';

const FILES = 20;
const MAIN = builtFile('coordinator/main.js');
const HOOK = join(REPOSITORY, 'test', 'support', 'kill-at.mjs');

let folder: TempFolder;
let coordinator: RunningCoordinator;

beforeAll(async () => {
	folder = new TempFolder();
	coordinator = await startCoordinator();
	for (let i = 0; i < FILES; i++) await coordinator.api.upload(`/${i}.txt`, `content ${i}`);
});
afterAll(async () => {
	await coordinator?.stop();
	await coordinator?.[Symbol.asyncDispose]();
	await folder?.[Symbol.asyncDispose]();
});

interface Ran extends Exit {
	said: string;
	/** Changes of files that it made; NaN when it was killed. */
	steps: number;
}

/** One command of `coordinator`, killed before its Nth change of files if that is asked for. */
const run = async (args: readonly string[], killAt?: number): Promise<Ran> => {
	const env = killAt === undefined ? {} : { MILLRACE_KILL_AT: String(killAt) };
	const command = new TestProcess(args.join(' '), [process.execPath, '--import', HOOK, MAIN, ...args], { env });
	const exit = await command.exited;
	const said = command.tail;
	return { ...exit, said, steps: Number(/^steps: (\d+)$/m.exec(said)?.[1] ?? Number.NaN) };
};
const done = async (args: readonly string[]): Promise<Ran> => {
	const ran = await run(args);
	if (ran.code !== 0) throw new Error(`${args.join(' ')} ended with ${ran.code}: ${ran.said}`);
	return ran;
};
const backUp = (to: string) => ['backup', '--data', coordinator.data, '--to', to, '--copy', '--json'];
const restore = (from: string, data: string) => ['restore', '--from', from, '--data', data];

const manifestIn = (said: string): BackupManifest & { copied: { count: number } } =>
	JSON.parse(said.split('\n').find((line) => line.startsWith('{')) ?? '');

/** Before which changes it is killed: all of them in the long form, otherwise the last and some. */
const cutsOf = (steps: number, random: SeededRandom): number[] => {
	if (IS_LONG) return Array.from({ length: steps }, (_, i) => i + 1);
	return [random.between(1, steps >> 1), random.between(steps >> 1, steps - 1), steps];
};
const contentsIn = (blobs: string): number =>
	existsSync(blobs)
		? readdirSync(blobs, { recursive: true }).filter((name) => /[0-9a-f]{64}$/.test(String(name))).length
		: 0;

test('a backup that is killed anywhere counts for nothing, and the next one goes on with what was copied', async (context) => {
	const { steps, said } = await done(backUp(folder.join('whole')));
	const { count } = manifestIn(said).contents;
	expect(count).toBeGreaterThanOrEqual(FILES);
	let refused = false;
	for (const cut of cutsOf(steps, seededRandom(context))) {
		const to = folder.join(`cut-${cut}`);
		expect(await run(backUp(to), cut), `cut before ${cut} of ${steps}`).toMatchObject({ signal: 'SIGKILL' });
		// None but when it was killed after the last rename, which is what makes it whole.
		const whole = await listBackups(to).catch(() => []);
		const there = contentsIn(layoutOf(to).blobs);
		if (whole.length === 0) {
			await expect(openBackup(to), `cut before ${cut}`).rejects.toMatchObject({ code: 'backup-refused' });
			if (!refused) {
				const refusal = await run(restore(to, folder.join('nothing')));
				expect([refusal.code, refusal.said]).toEqual([1, expect.stringMatching(/no backups|ever finished/)]);
				expect(existsSync(folder.join('nothing'))).toBe(false);
			}
			refused = true;
		}
		const next = manifestIn((await done(backUp(to))).said);
		expect([next.contents.count, next.copied.count], `after a cut before ${cut}`).toEqual([count, count - there]);
		expect((await listBackups(to)).length).toBe(whole.length + 1);
		expect(readdirSync(layoutOf(to).incoming)).toEqual([]);
		expect((await verifyBackup(to)).violations).toEqual([]);
	}
});

test('a restore that is killed anywhere leaves nothing that a coordinator starts on, and goes on when it is begun again', async (context) => {
	const from = folder.join('whole');
	const { steps } = await done(restore(from, folder.join('restored')));
	const [{ contents }] = (await listBackups(from)) as [BackupManifest];
	let refused = false;
	for (const cut of cutsOf(steps, seededRandom(context))) {
		const data = folder.join(`data-${cut}`);
		expect(await run(restore(from, data), cut), `cut before ${cut} of ${steps}`).toMatchObject({ signal: 'SIGKILL' });
		const isHalf = halfRestored(data) !== null;
		const isWhole = !isHalf && existsSync(join(data, 'ledger.db'));
		if (isHalf) expect(() => refuseHalfRestored(data)).toThrow('run the same coordinator restore again');
		if (isHalf && !refused) {
			refused = true;
			const start = await run(['start', '--host', '127.0.0.1', '--port', '0', '--data', data]);
			expect([start.code, start.said]).toEqual([70, expect.stringContaining('run the same coordinator restore again')]);
		}
		const again = await run(restore(from, data));
		expect([again.code, again.said], `after a cut before ${cut}`).toEqual([
			isWhole ? 1 : 0,
			expect.stringMatching(isWhole ? /not empty/ : new RegExp(`^${contents.count} contents were restored`, 'm')),
		]);
		expect(halfRestored(data)).toBeNull();
		expect(await verifyData({ data })).toEqual([]);
	}
});
