import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { ManagedProcess } from './managed-process.mjs';
import { capture, ROOT, stopWith } from './run-command.mjs';
import { coordinatorArgs, readUpOptions, USAGE, WrongUsage } from './up-options.mjs';

const settings = () => {
	try {
		return readUpOptions(process.argv.slice(2), process.env);
	} catch (error) {
		if (!(error instanceof WrongUsage)) throw error;
		return stopWith(error.message, 2);
	}
};

const values = settings();
if (values.help) {
	console.log(USAGE);
	process.exit(0);
}

/** Stops with a sentence when another program has the address; better than a stack trace from the coordinator. */
const checkPort = (host, port) =>
	new Promise((resolve) => {
		const probe = createServer();
		probe.once('error', (error) => {
			if (error.code !== 'EADDRINUSE') stopWith(`Cannot listen on ${host}:${port}: ${error.message}.`);
			stopWith(`Port ${port} is taken. Stop the program that uses it, or choose another: npm run up -- --port 8081`);
		});
		probe.listen(Number(port), host, () => probe.close(resolve));
	});

const nodeToken = async () => {
	const args = ['dist/coordinator/main.js', 'node-token', 'create', '--data', values.data, '--json'];
	const { code, stdout, stderr } = await capture(process.execPath, args);
	if (code !== 0) throw new Error(`no node token could be made:\n${stderr || stdout}`);
	return JSON.parse(stdout).token;
};

const checkReady = async (url) => {
	const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5_000) });
	if (!answer.ok) throw new Error(`${url}/readyz answers ${answer.status}: ${await answer.text()}`);
};

await ensureInstalled();
await checkPort(values.host, values.port);
await ensureBuilt();

const running = [];
let stopping = false;
const stop = async (code) => {
	if (stopping) {
		for (const part of running) part.signal('SIGKILL');
		return;
	}
	stopping = true;
	// The agent first: it gives back or finishes what it runs while there is still somebody to tell.
	for (const part of running.toReversed()) await part.stop();
	if (code === 0) console.log('Stopped.');
	process.exit(code);
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void stop(0));
process.on('exit', () => {
	for (const part of running) part.signal('SIGKILL');
});

const start = (name, args, env = process.env) => {
	const part = new ManagedProcess(name, args, {
		env,
		onLine: (line) => {
			// Log records and the lines that are meant for this program are not for the person in front of it.
			if (process.env.MILLRACE_VERBOSE || !/^(\{|set up: |\S.* ready: )/.test(line)) console.log(`${name}: ${line}`);
		},
	});
	running.push(part);
	part.exited.then((how) => {
		if (stopping) return;
		console.error(`The ${name} ${how}; stopping.`);
		void stop(1);
	});
	return part;
};

try {
	let setUp = null;
	const coordinator = start('coordinator', ['dist/coordinator/main.js', 'start', ...coordinatorArgs(values)]);
	coordinator.line(/^set up: (\S+)/).then(
		(match) => {
			setUp = match[1];
		},
		() => {},
	);
	const url = (await coordinator.line(/^coordinator ready: (\S+)/))[1];
	await checkReady(url);
	const workDir = join(values.data, 'agent');
	// By the environment: everybody on the machine can read a command line.
	const env = existsSync(resolve(ROOT, workDir, 'identity.json'))
		? process.env
		: { ...process.env, MILLRACE_TOKEN: await nodeToken() };
	const agent = start('agent', ['dist/agent/main.js', 'start', '--coordinator', url, '--work-dir', workDir], env);
	await agent.line(/^agent .* ready: /);
	console.log(`\nMillrace is up: ${url}`);
	if (setUp) console.log(`Make the first administrator here (the link works once): ${setUp}`);
	console.log('Ctrl-C stops it; the data stays in the folder %s.', values.data);
} catch (error) {
	if (!stopping) {
		console.error(error.message);
		await stop(1);
	}
}
