import { Pool } from 'undici';
import { DriveClient } from '../support/drive-client.ts';
import { runToEnd } from '../support/run-to-end.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { TempFolder } from '../support/temp-folder.ts';
import { Apache } from './apache.ts';
import { BenchSystem } from './bench-system.ts';
import { type Benchmark, type Figure, median, NotMeasured } from './figure.ts';
import { WebdavServer } from './peers/webdav-server.ts';
import { inLanes } from './submit-noops.ts';
import { MIB, writeLargeFile } from './whole-files.ts';

const LANES = 4;
const SMALL_BYTES = 10 * 1024;
const SMALL_FILES = 500;
const MANY = 10_000;
const TIMES = 3;

/** A WebDAV server: the folder that is written to, and what it wants to hear of who asks. */
interface Server {
	url: string;
	headers: Record<string, string>;
}

/** What one server does in a second: bytes of the large file in MB, requests, entries of a list. */
interface Rates {
	put: number;
	get: number;
	smallGet: number;
	list: number;
}

const secondsOf = async (act: () => Promise<unknown>): Promise<number> => {
	const startedAt = performance.now();
	await act();
	return (performance.now() - startedAt) / 1000;
};

/** By curl: a client in JavaScript takes longer to read what comes than Apache to send it. */
const curl = ({ headers }: Server, ...args: string[]): Promise<unknown> => {
	const said = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
	return runToEnd(['curl', '-sS', '-f', '-o', '/dev/null', ...said, ...args]);
};

const ratesOf = async (server: Server, large: { path: string; size: number }): Promise<Rates> => {
	const { url, headers } = server;
	const megabytes = large.size / 1e6;
	const puts: number[] = [];
	const gets: number[] = [];
	for (let i = 0; i < TIMES; i += 1) {
		puts.push(megabytes / (await secondsOf(() => curl(server, '-T', large.path, `${url}/large.bin`))));
		gets.push(megabytes / (await secondsOf(() => curl(server, `${url}/large.bin`))));
	}
	const { origin, pathname } = new URL(url);
	const pool = new Pool(origin, { connections: LANES, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 });
	const ask = async (method: string, path: string, more: Record<string, string> = {}, body: Buffer | null = null) => {
		const asked = { method: method as 'GET', path: pathname + path, headers: { ...headers, ...more }, body };
		const answer = await pool.request(asked);
		if (answer.statusCode >= 300)
			throw new Error(`${method} ${path}: ${answer.statusCode} ${await answer.body.text()}`);
		await answer.body.dump({ limit: 1e9 });
	};
	const random = new SeededRandom(1);
	await ask('MKCOL', '/small');
	await inLanes(SMALL_FILES, LANES, (i) => ask('PUT', `/small/${i}.bin`, {}, random.bytes(SMALL_BYTES)));
	const smallGets: number[] = [];
	const lists: number[] = [];
	for (let i = 0; i < TIMES; i += 1) {
		const reads = secondsOf(() => inLanes(SMALL_FILES, LANES, (at) => ask('GET', `/small/${at}.bin`)));
		smallGets.push(SMALL_FILES / (await reads));
		const listed = secondsOf(async () => {
			for (let time = 0; time < 5; time += 1) await ask('PROPFIND', '/small/', { depth: '1' });
		});
		lists.push((5 * SMALL_FILES) / (await listed));
	}
	await pool.close();
	return { put: median(puts), get: median(gets), smallGet: median(smallGets), list: median(lists) };
};

/** What only we are asked: a folder of ten thousand, and the end of a large file. */
const ownFigures = async (system: BenchSystem, drive: DriveClient, size: number): Promise<Figure[]> => {
	const tail = async () => drive.raw('GET', '/files/large.bin', null, { range: 'bytes=-100' });
	await tail();
	const tailSeconds = await secondsOf(tail);
	await drive.raw('MKCOL', '/files/many');
	await inLanes(MANY, 8, async (i) => void (await drive.raw('PUT', `/files/many/${i}.txt`, Buffer.from(`${i}`))));
	await drive.raw('PROPFIND', '/files/small/', null, { depth: '1' });
	const before = system.memory();
	let most = before;
	const timer = setInterval(() => {
		most = Math.max(most, system.memory());
	}, 10);
	const seconds = await secondsOf(() => drive.raw('PROPFIND', '/files/many/', null, { depth: '1' }));
	clearInterval(timer);
	return [
		{
			what: `last 100 bytes of ${Math.round(size / MIB)} MiB`,
			unit: 'ms',
			value: tailSeconds * 1000,
			bar: { most: 50 },
		},
		{ what: `PROPFIND of ${MANY} entries`, unit: 's', value: seconds, bar: { most: 1.5 } },
		{ what: 'coordinator’s memory grows by', unit: 'MB', value: (most - before) / 1e6, bar: { most: 100 } },
	];
};

const BARS: { rate: keyof Rates; what: string; unit: string; least: number }[] = [
	{ rate: 'get', what: 'GET of the large file', unit: 'MB/s', least: 0.35 },
	{ rate: 'smallGet', what: 'GET of 10 KiB over 4 connections', unit: '/s', least: 0.3 },
	{ rate: 'put', what: 'PUT of the large file', unit: 'MB/s', least: 0.5 },
	{ rate: 'list', what: 'entries of PROPFIND with 500', unit: '/s', least: 0.3 },
];

const compared = (whose: string, theirs: Rates, ours: Rates, hasBar: boolean): Figure[] =>
	BARS.flatMap(({ rate, what, unit, least }) => [
		{ what: `${whose}: ${what}`, unit, value: theirs[rate] },
		{
			what: `ours over ${whose}: ${what}`,
			unit: '',
			value: ours[rate] / theirs[rate],
			...(hasBar ? { bar: { least } } : {}),
		},
	]);

/** The drive beside Apache's mod_dav, which neither hashes nor syncs, and beside webdav-server as it is shipped. */
export const drive: Benchmark = {
	name: 'drive',
	title: 'WebDAV: 512 MiB, 500 small files, lists',
	async run({ scale }): Promise<Figure[]> {
		await using folder = new TempFolder();
		const mebibytes = Math.max(1, Math.round(512 * scale));
		const large = { path: folder.join('large'), size: mebibytes * MIB };
		await writeLargeFile(large.path, mebibytes);
		const figures: Figure[] = [];
		let ours: Rates;
		{
			await using system = await BenchSystem.start();
			const client = await DriveClient.open(system.api, 'admin');
			const server = { url: client.at('/files'), headers: { authorization: client.authorization } };
			ours = await ratesOf(server, large);
			for (const { rate, what, unit } of BARS) figures.push({ what, unit, value: ours[rate] });
			figures.push(...(await ownFigures(system, client, large.size)));
		}
		{
			await using peer = await WebdavServer.start();
			figures.push(...compared('webdav-server', await ratesOf({ url: peer.url, headers: {} }, large), ours, false));
		}
		try {
			await using apache = await Apache.start();
			figures.push(...compared('Apache', await ratesOf({ url: apache.url, headers: {} }, large), ours, true));
		} catch (error) {
			if (!(error instanceof NotMeasured)) throw error;
			console.error(`NOT MEASURED: comparison with Apache: ${error.message}`);
		}
		return figures;
	},
};
