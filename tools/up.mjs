import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { ManagedProcess } from './managed-process.mjs';
import { capture, ROOT, stopWith } from './run-command.mjs';

const USAGE = `Usage: npm run up -- [options]

Installs and builds what is missing, starts a coordinator and one agent on this machine, and stops both on Ctrl-C.

  --host <ADDRESS>  address to listen on (MILLRACE_HOST; default: 127.0.0.1, this machine only)
  --port <PORT>     port to listen on (MILLRACE_PORT; default: 8080)
  --data <DIR>      folder for everything that is kept (MILLRACE_DATA; default: data)

MILLRACE_VERBOSE=1 shows the log of both.`;

const settings = () => {
	try {
		const { values } = parseArgs({
			options: {
				help: { type: 'boolean', short: 'h', default: false },
				host: { type: 'string', default: process.env.MILLRACE_HOST ?? '127.0.0.1' },
				port: { type: 'string', default: process.env.MILLRACE_PORT ?? '8080' },
				data: { type: 'string', default: process.env.MILLRACE_DATA ?? 'data' },
			},
		});
		if (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65_535) {
			stopWith(`--port ${values.port}: must be a number from 0 to 65535.`, 2);
		}
		return values;
	} catch (error) {
		if (!error.code?.startsWith('ERR_PARSE_ARGS')) throw error;
		return stopWith(`${error.message}\n\n${USAGE}`, 2);
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
	const options = ['--host', values.host, '--port', values.port, '--data', values.data];
	let setUp = null;
	const coordinator = start('coordinator', ['dist/coordinator/main.js', 'start', ...options]);
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
