import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { builtFile } from '../support/repository.ts';
import { runToEnd } from '../support/run-to-end.ts';
import { TempFolder } from '../support/temp-folder.ts';
import { BenchSystem } from './bench-system.ts';
import { type Benchmark, type Figure, percentile } from './figure.ts';

const FILES = 2_000;
const FILE_BYTES = 500_000;
const MOST_SECONDS = 120;
/** In memory on Linux: certainly another file system than the data's. */
const OTHER_DISK = '/dev/shm';

const command = (...args: string[]) => runToEnd([process.execPath, builtFile('coordinator/main.js'), ...args]);
const secondsOf = async (act: () => Promise<unknown>): Promise<number> => {
	const startedAt = performance.now();
	await act();
	return (performance.now() - startedAt) / 1_000;
};

/** Somebody uploads and submits all the time; gives how long each submit took. */
const loadWhile = async (system: BenchSystem, act: () => Promise<unknown>): Promise<number[]> => {
	const took: number[] = [];
	let loading = true;
	const load = async (): Promise<void> => {
		while (loading) {
			const startedAt = performance.now();
			await system.api.post('/tasks:batch', { tasks: Array.from({ length: 20 }, () => ({ type: 'noop' })) });
			took.push(performance.now() - startedAt);
			await system.api.upload('/busy.bin', randomBytes(50_000));
		}
	};
	const loads = [load(), load()];
	try {
		await act();
	} finally {
		loading = false;
		await Promise.all(loads);
	}
	return took;
};

/** A store of 1 GB, backed up while people work, and restored. */
export const backup: Benchmark = {
	name: 'backup',
	title: 'Backup of 1 GB under load',
	async run({ scale }): Promise<Figure[]> {
		await using folder = new TempFolder();
		await using other = existsSync(OTHER_DISK) ? new TempFolder({ under: OTHER_DISK }) : new TempFolder();
		await using system = await BenchSystem.start();
		await system.addAgent({ concurrency: 4 });
		const files = Math.max(1, Math.round(FILES * scale));
		const upload = async (from: number): Promise<void> => {
			for (let i = from; i < files; i += 8) await system.api.upload(`/store/${i}.bin`, randomBytes(FILE_BYTES));
		};
		await Promise.all(Array.from({ length: 8 }, (_, from) => upload(from)));
		const { data } = system.coordinator;
		const backUp = (to: string, ...more: string[]) =>
			secondsOf(() => command('backup', '--data', data, '--to', to, ...more));
		const figures: Figure[] = [];
		const add = (what: string, value: number) => figures.push({ what, unit: 's', value, bar: { most: MOST_SECONDS } });
		const took = await loadWhile(system, async () => {
			add('on the same disk, by links', await backUp(folder.join('linked')));
			add('the same again', await backUp(folder.join('linked')));
			add('on the same disk, copied and hashed', await backUp(folder.join('copied'), '--copy'));
			add('onto another disk, copied and hashed', await backUp(other.join('other'), '--copy'));
		});
		const quiet = await loadWhile(system, async () => {
			await new Promise((resolve) => setTimeout(resolve, 5_000));
		});
		figures.push({ what: 'submits of 20 meanwhile, p99', unit: 'ms', value: percentile(took, 0.99) });
		figures.push({ what: 'submits of 20 without a backup, p99', unit: 'ms', value: percentile(quiet, 0.99) });
		const restored = folder.join('restored');
		add(
			'restored, every byte checked',
			await secondsOf(() => command('restore', '--from', other.join('other'), '--data', restored)),
		);
		const verified = await secondsOf(() => command('verify', '--data', restored));
		figures.push({ what: 'verified, every byte and rule', unit: 's', value: verified });
		return figures;
	},
};
