import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Command } from 'commander';
import { BadSetting } from '../config/agent-config.ts';
import { type NamedAgent, parseAgents } from '../config/multi-file.ts';
import { EXIT } from './exit-codes.ts';

interface Running {
	name: string;
	signal(signal: NodeJS.Signals): void;
	ended: Promise<number>;
}

/** Starts one agent as a process of its own; its lines come out with its name in front. */
const startOne = ({ name, args, token }: NamedAgent): Running => {
	const entry = process.argv[1] ?? '';
	const child = spawn(process.execPath, [...process.execArgv, entry, 'start', '--name', name, ...args], {
		// The channel carries nothing: its end tells the agents that we are gone.
		stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
		env: token === null ? process.env : { ...process.env, MILLRACE_TOKEN: token },
		// A group of its own: Ctrl-C reaches it through us, once.
		detached: true,
	});
	if (child.stdout) createInterface({ input: child.stdout }).on('line', (line) => console.log(line));
	if (child.stderr) createInterface({ input: child.stderr }).on('line', (line) => console.error(`${name}: ${line}`));
	const ended = new Promise<number>((resolve, reject) => {
		child.once('error', reject);
		child.once('close', (code, signal) => {
			console.error(`${name}: ended (${signal ?? code})`);
			resolve(code ?? EXIT.failure);
		});
	});
	return { name, ended, signal: (signal) => void child.kill(signal) };
};

/** `agent multi start FILE`: several agents of this machine, each with its own name, queues and concurrency. */
export const multiCommand = (): Command => {
	const multi = new Command('multi').description('several agents on this machine');
	multi
		.command('start')
		.argument('<file>', 'file that names the agents')
		.description('start every agent that the file names, and stop them all when stopped')
		.addHelpText(
			'after',
			`
The file is either JSON:
  {"agents": [
    {"name": "mill-1", "coordinator": "http://coordinator:8080", "token": "mnt_…", "queues": "normal,priority", "concurrency": 4},
    {"name": "mill-2", "queues": "hardware", "concurrency": 1, "hardware": ["capture-card=1"]}
  ]}
or lines of a name and options of "agent start", # beginning a comment:
  mill-1  --coordinator http://coordinator:8080 --token mnt_… --queues normal,priority --concurrency 4
  mill-2  --queues hardware --concurrency 1 --hardware capture-card=1

What all agents have in common can come from the environment, as MILLRACE_COORDINATOR and MILLRACE_TOKEN.
Options are those of "agent start"; in JSON they are written as workDir, cacheSize, drainTimeout.
An agent that ends is not started again. The command ends when all have; its exit code is the first that is not 0.
Should it be killed, its agents drain and end.`,
		)
		.action(async (file: string) => {
			const text = await readFile(file, 'utf8').catch((error: Error) => {
				throw new BadSetting(`The file of agents cannot be read: ${error.message}.`);
			});
			const running = parseAgents(text).map(startOne);
			let isKilled = false;
			const pass = (signal: NodeJS.Signals) => {
				for (const agent of running) agent.signal(signal);
			};
			process.on('SIGTERM', () => pass('SIGTERM'));
			process.on('SIGINT', () => pass('SIGTERM'));
			process.on('exit', () => {
				if (!isKilled) pass('SIGKILL');
			});
			const codes = await Promise.all(running.map((agent) => agent.ended));
			isKilled = true;
			process.exitCode = codes.find((code) => code !== EXIT.ok) ?? EXIT.ok;
		});
	return multi;
};
