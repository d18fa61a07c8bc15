import { TempFolder } from '../support/temp-folder.ts';
import { Apache } from './apache.ts';
import { BenchSystem } from './bench-system.ts';
import { type Benchmark, type Figure, NotMeasured } from './figure.ts';
import { get, MIB, put, writeLargeFile } from './whole-files.ts';

interface Transfer {
	megabytesPerSecond: number;
	grownBytes: number;
	loopP99Ms: number;
}

/** Watches the coordinator's memory and event loop while bytes flow. */
const watched = async (system: BenchSystem, size: number, act: () => Promise<unknown>): Promise<Transfer> => {
	// Reading the lag also starts it afresh.
	await system.metric('millrace_nodejs_eventloop_lag_p99_seconds');
	const before = system.memory();
	let most = before;
	const timer = setInterval(() => {
		most = Math.max(most, system.memory());
	}, 20);
	const startedAt = performance.now();
	await act();
	const seconds = (performance.now() - startedAt) / 1000;
	clearInterval(timer);
	const loopP99Ms = (await system.metric('millrace_nodejs_eventloop_lag_p99_seconds')) * 1000;
	return { megabytesPerSecond: size / 1e6 / seconds, grownBytes: most - before, loopP99Ms };
};

const transferFigures = (what: string, transfer: Transfer): Figure[] => [
	{ what: `${what}, coordinator’s memory grows by`, unit: 'MB', value: transfer.grownBytes / 1e6, bar: { most: 50 } },
	{ what: `${what}, event loop p99`, unit: 'ms', value: transfer.loopP99Ms, bar: { most: 20 } },
];

const apacheRates = async (path: string, size: number): Promise<{ put: number; get: number }> => {
	await using apache = await Apache.start();
	const url = `${apache.url}/large`;
	const putAt = performance.now();
	await put(url, path, size, {});
	const getAt = performance.now();
	await get(url, {});
	const endAt = performance.now();
	return { put: size / 1e3 / (getAt - putAt), get: size / 1e3 / (endAt - getAt) };
};

/** One file of 2 GiB in and out again. */
export const largeFile: Benchmark = {
	name: 'large-file',
	title: 'PUT and GET of 2 GiB',
	async run({ scale }): Promise<Figure[]> {
		await using folder = new TempFolder();
		const mebibytes = Math.max(1, Math.round(2_048 * scale));
		const size = mebibytes * MIB;
		const path = folder.join('large');
		const sha256 = await writeLargeFile(path, mebibytes);
		const figures: Figure[] = [];
		let up: Transfer;
		let down: Transfer;
		{
			await using system = await BenchSystem.start();
			const url = `${system.coordinator.url}/api/v1/content/large.bin`;
			const headers = { authorization: system.authorization };
			// A first small one, so that what grows is not what any first request loads.
			await system.api.upload('/first.bin', Buffer.alloc(MIB));
			up = await watched(system, size, async () => {
				const { file } = JSON.parse(await put(url, path, size, headers)) as { file: { sha256: string } };
				if (file.sha256 !== sha256) throw new Error('other bytes arrived');
			});
			down = await watched(system, size, async () => {
				if ((await get(url, headers)) !== size) throw new Error('the download is too short');
			});
		}
		figures.push({ what: 'PUT with hash and fsync', unit: 'MB/s', value: up.megabytesPerSecond });
		figures.push({ what: 'GET', unit: 'MB/s', value: down.megabytesPerSecond });
		figures.push(...transferFigures('PUT', up), ...transferFigures('GET', down));
		try {
			const apache = await apacheRates(path, size);
			figures.push({ what: 'Apache PUT, no hash, no fsync', unit: 'MB/s', value: apache.put });
			figures.push({ what: 'Apache GET', unit: 'MB/s', value: apache.get });
			const putShare = up.megabytesPerSecond / apache.put;
			const getShare = down.megabytesPerSecond / apache.get;
			figures.push({ what: 'PUT over Apache’s', unit: '', value: putShare, bar: { least: 0.8 } });
			figures.push({ what: 'GET over Apache’s', unit: '', value: getShare, bar: { least: 0.4 } });
		} catch (error) {
			if (!(error instanceof NotMeasured)) throw error;
			console.error(`NOT MEASURED: comparison with Apache: ${error.message}`);
		}
		return figures;
	},
};
