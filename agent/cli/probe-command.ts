import { Command } from 'commander';
import { advertise } from '../capabilities/advertise.ts';
import { loadTaskTypes } from '../capabilities/task-types.ts';
import { agentConfig, type StartOptions } from '../config/agent-config.ts';
import { probeSandbox } from '../sandbox/probe.ts';
import { addNodeOptions } from './start-options.ts';

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

const list = (items: Record<string, unknown>): string =>
	Object.entries(items)
		.map(([name, value]) => `${name}=${value}`)
		.join(', ') || 'none';

type ProbeOptions = Pick<StartOptions, 'hardware' | 'label' | 'taskTypes' | 'sandbox' | 'egress'> & { json?: boolean };

/** `agent probe`: what an agent on this machine would say of itself. */
export const probeCommand = (): Command =>
	addNodeOptions(new Command('probe'))
		.description('show what this machine would advertise, without joining anything')
		.option('--json', 'as JSON')
		.action(async ({ json, ...options }: ProbeOptions) => {
			const unseen = {
				queues: 'normal,priority',
				cacheSize: '2GB',
				logLevel: 'info',
				egressAllow: [],
				metering: 'auto',
			};
			const config = agentConfig({ ...options, ...unseen, xApi: 'https://api.x.com' });
			const types = await loadTaskTypes(config.taskTypes);
			const profile = await probeSandbox(config.sandbox);
			const capabilities = advertise({ ...config, sandbox: profile.level, commandTypes: types.keys() });
			// Seven hundred kilobytes, which no other command needs.
			const { describeMachine } = await import('../capabilities/describe-machine.ts');
			const machine = await describeMachine();
			if (json) {
				console.log(JSON.stringify({ capabilities, machine, sandboxKind: profile.kind }, null, '\t'));
				return;
			}
			console.log(`cores       ${capabilities.cores} (${machine.processor})`);
			console.log(`memory      ${gigabytes(capabilities.memoryBytes)}`);
			console.log(`system      ${machine.system}`);
			console.log(`graphics    ${machine.graphics.join(', ') || 'none'}`);
			console.log(`hardware    ${list(capabilities.hardware)}`);
			console.log(`labels      ${list(capabilities.labels)}`);
			console.log(`sandbox     ${profile.level} (${profile.kind})`);
			console.log(`task types  ${capabilities.taskTypes.join(', ')}`);
		});
