import { z } from 'zod';
import { nodeNameSchema } from '../../shared/protocol/node.ts';
import { BadSetting } from './agent-config.ts';

/** One agent of a file: its name, and further arguments of `agent start`. */
export interface NamedAgent {
	name: string;
	args: string[];
	/** Apart from the arguments, which everyone on the machine can see. */
	token: string | null;
}

const listOrText = z.union([z.string(), z.array(z.string())]);
const countOrText = z.union([z.string(), z.number().int()]);
const agentsSchema = z.strictObject({
	agents: z
		.array(
			z.strictObject({
				name: nodeNameSchema,
				coordinator: z.string().optional(),
				token: z.string().optional(),
				queues: listOrText.optional(),
				concurrency: countOrText.optional(),
				hardware: listOrText.optional(),
				label: listOrText.optional(),
				workDir: z.string().optional(),
				cacheSize: countOrText.optional(),
				taskTypes: z.string().optional(),
				sandbox: z.string().optional(),
				metering: z.string().optional(),
				egress: z.string().optional(),
				egressAllow: listOrText.optional(),
				xApi: z.string().optional(),
				drainTimeout: countOrText.optional(),
				logLevel: z.string().optional(),
			}),
		)
		.min(1),
});

/** Options whose list is one argument rather than several. */
const JOINED = new Set(['queues']);

const toArgs = (options: Record<string, string | number | string[] | undefined>): string[] =>
	Object.entries(options).flatMap(([name, value]) => {
		if (value === undefined) return [];
		const option = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
		if (!Array.isArray(value)) return [option, String(value)];
		return JOINED.has(name) ? [option, value.join(',')] : value.flatMap((item) => [option, item]);
	});

const fromJson = (text: string): NamedAgent[] => {
	let json: unknown;
	try {
		json = JSON.parse(text);
	} catch (error) {
		throw new BadSetting(`The file of agents is not valid JSON: ${(error as Error).message}.`);
	}
	const parsed = agentsSchema.safeParse(json);
	if (!parsed.success) throw new BadSetting(`The file of agents is not usable:\n${z.prettifyError(parsed.error)}`);
	return parsed.data.agents.map(({ name, token = null, ...options }) => ({ name, args: toArgs(options), token }));
};

/** Takes `--token T` or `--token=T` out of the arguments. */
const takeToken = (args: readonly string[]): Pick<NamedAgent, 'args' | 'token'> => {
	const rest: string[] = [];
	let token: string | null = null;
	for (let at = 0; at < args.length; at++) {
		const arg = args[at] ?? '';
		if (arg === '--token') token = args[++at] ?? null;
		else if (arg.startsWith('--token=')) token = arg.slice('--token='.length);
		else rest.push(arg);
	}
	return { args: rest, token };
};

const fromLines = (text: string): NamedAgent[] => {
	const agents: NamedAgent[] = [];
	for (const [index, line] of text.split('\n').entries()) {
		const [name, ...args] = line
			.replace(/(^|\s)#.*$/, '')
			.trim()
			.split(/\s+/);
		if (!name) continue;
		if (!nodeNameSchema.safeParse(name).success) {
			throw new BadSetting(`Line ${index + 1} of the file of agents: ${name} cannot be a name.`);
		}
		agents.push({ name, ...takeToken(args) });
	}
	return agents;
};

/** Reads a file of agents, JSON or lines; see `agent multi start --help`. Throws BadSetting. */
export const parseAgents = (text: string): NamedAgent[] => {
	const agents = text.trimStart().startsWith('{') ? fromJson(text) : fromLines(text);
	if (agents.length === 0) throw new BadSetting('The file names no agent.');
	const names = agents.map(({ name }) => name);
	const twice = names.find((name, index) => names.indexOf(name) !== index);
	if (twice !== undefined) throw new BadSetting(`The file names ${twice} twice; every agent needs a name of its own.`);
	return agents;
};
