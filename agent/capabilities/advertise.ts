import { readFileSync } from 'node:fs';
import os from 'node:os';
import type { Capabilities } from '../../shared/protocol/node.ts';
import type { SandboxLevel } from '../../shared/protocol/task-type.ts';
import { asksOutside, builtInNames } from '../tasks/catalog.ts';

const readVersion = (): string => {
	// From source and from dist/ alike: package.json lies above both.
	for (const up of ['../../package.json', '../../../package.json']) {
		try {
			return JSON.parse(readFileSync(new URL(up, import.meta.url), 'utf8')).version;
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
		}
	}
	return '';
};

/** This release of the agent. */
export const AGENT_VERSION = readVersion();

/** Memory that this process may use: the machine's, or less in a container. */
const memoryBytes = (): number => {
	const constrained = process.constrainedMemory?.() ?? 0;
	const total = os.totalmem();
	return constrained > 0 && constrained < total ? constrained : total;
};

/** What this node says it has. Claims, not rights: the coordinator's policy decides. */
export const advertise = (options: {
	hardware: Record<string, number>;
	labels: Record<string, string>;
	sandbox: SandboxLevel;
	/** Names of the task types beyond the built-in ones. */
	commandTypes: Iterable<string>;
	/** With `none`, no types that ask other machines for something. */
	egress: 'public' | 'none';
}): Capabilities => ({
	cores: os.availableParallelism(),
	memoryBytes: memoryBytes(),
	hardware: options.hardware,
	labels: options.labels,
	sandbox: options.sandbox,
	taskTypes: [
		...builtInNames.filter((name) => options.egress === 'public' || !asksOutside(name)),
		...options.commandTypes,
	],
	platform: `${os.platform()} ${os.arch()} ${os.release()}`.slice(0, 100),
	agentVersion: AGENT_VERSION,
});
