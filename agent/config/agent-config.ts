import os from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { parseByteSize } from '../../shared/byte-size.ts';
import { parseDuration } from '../../shared/duration.ts';
import { normalEgressAllow } from '../../shared/egress/check-url.ts';
import { MOST_SLOTS, nodeNameSchema, servedQueuesSchema } from '../../shared/protocol/node.ts';
import { hardwareSchema } from '../../shared/protocol/task-type.ts';

/** A setting that cannot be used; the message names the option and what it takes. */
export class BadSetting extends Error {
	override name = 'BadSetting';
}

/** Options of `agent start` as the command line or the environment gives them. */
export interface StartOptions {
	coordinator?: string;
	token?: string;
	queues: string;
	concurrency?: string;
	name?: string;
	hardware: string[];
	label: string[];
	workDir?: string;
	cacheSize: string;
	taskTypes?: string;
	sandbox: string;
	metering: string;
	egress: string;
	egressAllow: string[];
	xApi: string;
	drainTimeout?: string;
	logLevel: string;
}

const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an address such as http://coordinator:8080' });
const byteSize = z.string().transform((text, context) => {
	const bytes = parseByteSize(text);
	if (bytes !== null) return bytes;
	context.addIssue({ code: 'custom', message: 'must be a size such as 500MB or 2GB' });
	return z.NEVER;
});
const time = z.string().transform((text, context) => {
	const ms = parseDuration(text);
	if (ms !== null) return ms;
	context.addIssue({ code: 'custom', message: 'must be a time such as 90s or 30m; a bare number is seconds' });
	return z.NEVER;
});

const hostAndPort = z.string().transform((text, context) => {
	const normal = normalEgressAllow(text);
	if (normal !== null) return normal;
	context.addIssue({ code: 'custom', message: 'must be HOST:PORT, such as feeds.lab:8080' });
	return z.NEVER;
});

const agentConfigSchema = z.object({
	/** Null when an earlier start has left an identity that names it. */
	coordinator: httpUrl.nullable(),
	token: z.string().min(1).max(200).nullable(),
	name: nodeNameSchema,
	queues: servedQueuesSchema,
	concurrency: z.coerce.number().int().min(1).max(MOST_SLOTS),
	hardware: hardwareSchema,
	labels: z.record(z.string().min(1).max(63), z.string().max(255)),
	workDir: z.string().min(1),
	cacheBytes: byteSize,
	taskTypes: z.string().nullable(),
	sandbox: z.enum(['auto', 'none']),
	/** How CPU of programs is measured: by control groups where they can be made, or by /proc in any case. */
	metering: z.enum(['auto', 'proc']),
	/** Which machines outside tasks may ask: those of the internet, or none. */
	egress: z.enum(['public', 'none']),
	/** Asked beside these, whatever their addresses. */
	egressAllow: z.array(hostAndPort).max(100),
	xApi: z.url({ protocol: /^https$/, error: 'must be an address such as https://api.x.com' }),
	/** Milliseconds that a drain may take; null for as long as the tasks need. */
	drainTimeoutMs: time.nullable(),
	logLevel: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
});
export type AgentConfig = z.infer<typeof agentConfigSchema>;

const OPTION_OF: Readonly<Record<string, string>> = {
	labels: 'label',
	workDir: 'work-dir',
	cacheBytes: 'cache-size',
	taskTypes: 'task-types',
	egressAllow: 'egress-allow',
	xApi: 'x-api',
	drainTimeoutMs: 'drain-timeout',
	logLevel: 'log-level',
};

const pairs = (option: string, items: readonly string[]): [string, string][] =>
	items.map((item) => {
		const at = item.indexOf('=');
		if (at < 1) throw new BadSetting(`--${option} ${item}: must be NAME=VALUE.`);
		return [item.slice(0, at), item.slice(at + 1)];
	});

const hardwareCounts = (items: readonly string[]): Record<string, number> => {
	const withCount = items.map((item) => (item.includes('=') ? item : `${item}=1`));
	return Object.fromEntries(pairs('hardware', withCount).map(([name, count]) => [name, Number(count)]));
};

/** The machine's name with what a node's name may not hold left out. */
const defaultName = (): string => {
	const name = os
		.hostname()
		.replaceAll(/[^A-Za-z0-9._-]/g, '-')
		.replace(/^[^A-Za-z0-9]+/, '')
		.slice(0, 63);
	return name === '' ? 'agent' : name;
};

const defaultWorkDir = (name: string): string => {
	const state = process.env.XDG_STATE_HOME || join(os.homedir(), '.local', 'state');
	return join(state, 'millrace', 'agents', name);
};

/** The settings of one agent, checked and with their defaults. Throws BadSetting. */
export const agentConfig = (options: StartOptions): AgentConfig => {
	const name = options.name ?? defaultName();
	const queues = options.queues.split(',').map((queue) => queue.trim());
	const parsed = agentConfigSchema.safeParse({
		coordinator: options.coordinator ?? null,
		token: options.token ?? null,
		name,
		queues: [...new Set(queues.filter((queue) => queue !== ''))],
		concurrency: options.concurrency ?? os.availableParallelism(),
		hardware: hardwareCounts(options.hardware),
		labels: Object.fromEntries(pairs('label', options.label)),
		workDir: resolve(options.workDir ?? defaultWorkDir(name)),
		cacheBytes: options.cacheSize,
		taskTypes: options.taskTypes === undefined ? null : resolve(options.taskTypes),
		sandbox: options.sandbox,
		metering: options.metering,
		egress: options.egress,
		egressAllow: options.egressAllow,
		xApi: options.xApi,
		drainTimeoutMs: options.drainTimeout ?? null,
		logLevel: options.logLevel,
	});
	if (parsed.success) return parsed.data;
	const issue = parsed.error.issues[0];
	const field = String(issue?.path[0] ?? '');
	const value = issue && issue.path.length > 1 ? ` (${issue.path.slice(1).join('.')})` : '';
	throw new BadSetting(`--${OPTION_OF[field] ?? field}${value}: ${issue?.message}.`);
};
