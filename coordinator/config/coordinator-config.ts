import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { parseByteSize } from '../../shared/byte-size.ts';
import { parseDuration } from '../../shared/duration.ts';
import { normalEgressAllow } from '../../shared/egress/check-url.ts';

/** A setting that cannot be used; the message names the option and what it takes. */
export class BadSetting extends Error {
	override name = 'BadSetting';
}

const byteSize = z.string().transform((text, context) => {
	const bytes = parseByteSize(text);
	if (bytes !== null) return bytes;
	context.addIssue({ code: 'custom', message: 'must be a size such as 500MB or 2GB' });
	return z.NEVER;
});
/** Milliseconds of a time such as `30`, `30s`, `5m`, between so many seconds. */
const time = (least: number, most: number) =>
	z.union([z.string(), z.number()]).transform((given, context) => {
		const ms = parseDuration(String(given));
		if (ms !== null && ms >= least * 1_000 && ms <= most * 1_000) return ms;
		const message = `must be a time from ${least} to ${most} seconds, such as ${least} or ${least}s`;
		context.addIssue({ code: 'custom', message });
		return z.NEVER;
	});
const flag = z.union([z.boolean(), z.stringbool({ truthy: ['true', '1', 'yes'], falsy: ['false', '0', 'no'] })], {
	error: 'must be true or false',
});
const list = z.string().transform((text) =>
	text
		.split(',')
		.map((item) => item.trim())
		.filter((item) => item !== ''),
);

const addressOrNetwork = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]);
const addresses = list.refine((found) => found.every((entry) => addressOrNetwork.safeParse(entry).success), {
	error: 'must be addresses or networks by commas, such as 10.0.0.7,192.168.0.0/16,fd00::/8',
});

const egressAllow = list.transform((given, context) => {
	const found = given.map(normalEgressAllow);
	if (!found.includes(null)) return found as string[];
	const message = 'must be HOST:PORT by commas, such as hooks.lab:8080,10.0.0.7:443';
	context.addIssue({ code: 'custom', message });
	return z.NEVER;
});

/** Minutes of the day. */
const quietHours = z.string().transform((text, context): { from: number; to: number } | null => {
	const [, h1, m1, h2, m2] = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
	if (m2 !== undefined) return { from: Number(h1) * 60 + Number(m1), to: Number(h2) * 60 + Number(m2) };
	context.addIssue({ code: 'custom', message: 'must be two times of the day such as 22:00-07:00' });
	return z.NEVER;
});

/** Every setting in the order of `--help`; the option is the key in kebab-case, the variable MILLRACE_ and the key in capitals. */
const settingsSchema = z.strictObject({
	host: z.string().min(1).default('127.0.0.1'),
	port: z.coerce.number().int().min(0).max(65_535).default(8080),
	data: z
		.string()
		.min(1)
		.default('data')
		.transform((path) => resolve(path)),
	publicUrl: z.url({ protocol: /^https?$/ }).optional(),
	trustedProxies: addresses.default([]),
	tlsCert: z.string().optional(),
	tlsKey: z.string().optional(),
	maxFileSize: byteSize.default(1024 ** 4),
	freeSpace: byteSize.optional(),
	lease: time(1, 600).default(30_000),
	heartbeat: time(0.2, 300).optional(),
	linkGrace: time(0.1, 600).default(10_000),
	slowBody: time(1, 3600).default(30_000),
	trashDays: z.coerce.number().min(0).max(3650).default(30),
	backupTo: z
		.string()
		.min(1)
		.transform((path) => resolve(path))
		.optional(),
	backupEvery: time(60, 14 * 86_400).default(86_400_000),
	backupKeep: z.coerce.number().int().min(1).max(1_000).default(14),
	logDays: z.coerce.number().min(0).max(3650).default(0),
	taskDays: z.coerce.number().min(0).max(3650).default(0),
	versionDays: z.coerce.number().min(0).max(3650).default(0),
	versionCount: z.coerce.number().int().min(0).max(1_000_000).default(0),
	usageMonths: z.coerce.number().int().min(0).max(1_200).default(0),
	scrubRate: byteSize.default(2 * 1024 ** 2),
	journalDays: z.coerce.number().min(0).max(3650).default(7),
	journalBytes: byteSize.default(512 * 1024 ** 2),
	historyBytes: byteSize.default(2 * 1024 ** 3),
	otlpUrl: z.url({ protocol: /^https?$/ }).optional(),
	secretKey: z
		.string()
		.min(1)
		.transform((path) => resolve(path))
		.optional(),
	egressAllow: egressAllow.default([]),
	quietHours: quietHours.default(null),
	datasetRoots: list.transform((paths) => paths.map((path) => resolve(path))).default([]),
	driveAllowPlainHttp: flag.default(false),
	organisation: z.string().trim().min(1).max(200).default('Millrace'),
	logLevel: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
});
type Settings = z.output<typeof settingsSchema>;
export type SettingName = keyof Settings;

export interface CoordinatorConfig extends Omit<Settings, 'tlsCert' | 'tlsKey'> {
	tls: { cert: Buffer; key: Buffer } | null;
	/** Makes the first administrator `admin` when there is none. */
	adminPassword: string | null;
	heartbeat: number;
	/** For tests: answers must fit what routes declare. */
	checkAnswers: boolean;
}

/** What each setting is for, for `--help`. */
export const SETTINGS: Record<SettingName, string> = {
	host: 'address to listen on (default: 127.0.0.1, this machine only)',
	port: 'port to listen on, 0 for any free one (default: 8080)',
	data: 'folder for the ledger and all content (default: data)',
	publicUrl: 'address by which people reach it, when it is another one',
	trustedProxies: 'addresses of reverse proxies whose X-Forwarded-* is believed, by commas',
	tlsCert: 'PEM file with the certificate; with --tls-key it speaks HTTPS itself',
	tlsKey: 'PEM file with the certificate’s key',
	maxFileSize: 'largest upload (default: 1TiB)',
	freeSpace: 'disk space that uploads leave free (default: the larger of 5 % and 1GiB)',
	lease: 'time that an agent may be unheard of before its work runs elsewhere (default: 30s)',
	heartbeat: 'time between an agent’s heartbeats (default: a third of the lease)',
	linkGrace: 'time that an agent whose link was cut has to come back (default: 10s)',
	slowBody:
		'time within which a request’s JSON must be whole, and an upload bring 1 KiB for each second of it (default: 30s)',
	trashDays: 'days that files stay in the trash; 0: for ever (default: 30)',
	backupTo: 'folder that it backs up to by itself, at best on another disk (default: it does not)',
	backupEvery: 'time between its own backups, such as 15m, 12h or 1d (default: 1d)',
	backupKeep: 'how many of its own backups are kept, the newest (default: 14)',
	logDays: 'days that the logs of tasks are kept after their end; 0: for ever (default: 0)',
	taskDays: 'days that tasks and jobs are kept after their end; results that are files stay; 0: for ever (default: 0)',
	versionDays: 'days that a version of a file is kept after a newer one took its place; 0: for ever (default: 0)',
	versionCount: 'older versions that are kept of a file beside its newest; 0: all (default: 0)',
	usageMonths:
		'months before this one of which usage can be told record by record; before them sums are kept; 0: all (default: 0)',
	scrubRate: 'bytes of content that are read again in a second, to find damage; 0 for none (default: 2MiB)',
	journalDays: 'days that the journal of scheduling decisions is kept (default: 7)',
	journalBytes: 'size to which that journal may grow in the ledger (default: 512MiB)',
	historyBytes: 'size to which the history of measures may grow, in a file beside the ledger (default: 2GiB)',
	otlpUrl: 'where traces of uploads and tasks go by OTLP over HTTP, such as http://localhost:4318 (default: nowhere)',
	secretKey:
		'file with the key that people’s secrets are sealed by, made at the first start (default: DATA/secret.key)',
	egressAllow: 'HOST:PORT of machines that are not public and may be asked all the same, by commas',
	quietHours:
		'hours of the coordinator’s day in which administrators are told only of what fails, such as 22:00-07:00 (default: none)',
	datasetRoots:
		'directories below which administrators may make datasets of, taken in or linked, by commas (default: none)',
	driveAllowPlainHttp:
		'take app passwords over plain HTTP from other machines too, where everybody on the way can read them',
	organisation: 'who stands on statements of use as their issuer (default: Millrace)',
	logLevel: 'trace, debug, info, warn, error, fatal or silent (default: info)',
};

/** Settings that are on when they are named. */
export const FLAGS: ReadonlySet<string> = new Set<SettingName>(['driveAllowPlainHttp']);

export const optionOf = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const variableOf = (name: string): string => `MILLRACE_${optionOf(name).replaceAll('-', '_').toUpperCase()}`;

const fromFile = (path: string): Record<string, unknown> => {
	let found: unknown;
	try {
		found = JSON.parse(readFileSync(path, 'utf8'));
	} catch (error) {
		throw new BadSetting(`--config ${path}: ${(error as Error).message}.`);
	}
	if (typeof found !== 'object' || found === null || Array.isArray(found)) {
		throw new BadSetting(`--config ${path}: must hold a JSON object such as {"port": 8080}.`);
	}
	return Object.fromEntries(
		Object.entries(found).map(([key, value]) => [
			key.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()),
			Array.isArray(value) ? value.join(',') : value,
		]),
	);
};

const pemFile = (option: string, path: string): Buffer => {
	try {
		return readFileSync(path);
	} catch (error) {
		throw new BadSetting(`--${option} ${path}: ${(error as Error).message}.`);
	}
};

/** What a command line says; a flag says `true`. */
export type GivenOptions = Partial<Record<SettingName, string | boolean>> & { config?: string };

/**
 * The settings: command line before environment before file before default, each of which is known here only.
 * Throws BadSetting for what is malformed, naming the option.
 */
export const coordinatorConfig = (options: GivenOptions, env: NodeJS.ProcessEnv = process.env): CoordinatorConfig => {
	const { config = env.MILLRACE_CONFIG, ...given } = options;
	const raw: Record<string, unknown> = config ? fromFile(config) : {};
	for (const name of Object.keys(SETTINGS)) {
		const value = given[name as SettingName] ?? env[variableOf(name)];
		if (value !== undefined && value !== '') raw[name] = value;
	}
	const parsed = settingsSchema.safeParse(raw);
	if (!parsed.success) {
		const [issue] = parsed.error.issues;
		const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.join(', ') : null;
		if (unknown) throw new BadSetting(`--config ${config}: there is no setting ${unknown}.`);
		throw new BadSetting(`--${optionOf(String(issue?.path[0]))}: ${issue?.message}.`);
	}
	const { tlsCert, tlsKey, heartbeat, ...rest } = parsed.data;
	if ((tlsCert === undefined) !== (tlsKey === undefined)) {
		throw new BadSetting('--tls-cert and --tls-key: one needs the other.');
	}
	const beat = heartbeat ?? Math.round(rest.lease / 3);
	if (beat * 2 > rest.lease) throw new BadSetting('--heartbeat: must be at most half of --lease.');
	return {
		...rest,
		heartbeat: beat,
		tls:
			tlsCert === undefined || tlsKey === undefined
				? null
				: { cert: pemFile('tls-cert', tlsCert), key: pemFile('tls-key', tlsKey) },
		adminPassword: env.MILLRACE_ADMIN_PASSWORD || null,
		checkAnswers: env.MILLRACE_CHECK_ANSWERS === '1',
	};
};
