import { existsSync } from 'node:fs';
import { freePort } from '../../support/free-port.ts';
import { runToEnd } from '../../support/run-to-end.ts';
import { TempFolder } from '../../support/temp-folder.ts';
import { TestProcess } from '../../support/test-process.ts';
import { waitFor } from '../../support/wait-for.ts';
import { NotMeasured } from '../figure.ts';

const SERVER = '/usr/lib/rabbitmq/bin/rabbitmq-server';
const CONTROL = '/usr/lib/rabbitmq/bin/rabbitmqctl';

/** A RabbitMQ server of our own: on loopback, in a temporary folder, with its own port mapper. */
export class RabbitMq implements AsyncDisposable {
	readonly url: string;
	readonly #folder: TempFolder;
	readonly #server: TestProcess;
	readonly #env: Record<string, string>;

	private constructor(port: number, folder: TempFolder, server: TestProcess, env: Record<string, string>) {
		this.url = `amqp://guest:guest@127.0.0.1:${port}//`;
		this.#folder = folder;
		this.#server = server;
		this.#env = env;
	}

	static async start(): Promise<RabbitMq> {
		if (!existsSync(SERVER)) throw new NotMeasured('RabbitMQ is not installed: apt-get install rabbitmq-server');
		const folder = new TempFolder();
		const port = await freePort();
		const env = {
			HOME: folder.path,
			RABBITMQ_NODENAME: `millrace${port}@localhost`,
			RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
			RABBITMQ_NODE_PORT: String(port),
			RABBITMQ_DIST_PORT: String(await freePort()),
			RABBITMQ_MNESIA_BASE: folder.join('mnesia'),
			RABBITMQ_LOG_BASE: folder.join('log'),
			RABBITMQ_ENABLED_PLUGINS_FILE: folder.join('plugins'),
			RABBITMQ_CONFIG_FILE: folder.join('none'),
			RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
			ERL_EPMD_PORT: String(await freePort()),
			ERL_EPMD_ADDRESS: '127.0.0.1',
		};
		const server = new TestProcess('rabbitmq', [SERVER], { env });
		const rabbit = new RabbitMq(port, folder, server, env);
		try {
			await server.line(/completed with|Starting broker\.\.\. completed/, 60_000);
			await waitFor('RabbitMQ to answer', () => rabbit.control('await_startup', '--timeout', '20'), {
				withinMs: 60_000,
			});
			return rabbit;
		} catch (error) {
			await rabbit[Symbol.asyncDispose]();
			throw error;
		}
	}

	/** Runs one command of rabbitmqctl and gives back what it printed. */
	async control(...args: string[]): Promise<string> {
		return runToEnd([CONTROL, '-q', '-n', this.#env.RABBITMQ_NODENAME as string, ...args], { env: this.#env });
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.#server.stop(30_000);
		// The port mapper goes on by itself; this one is ours, on a port of its own.
		await runToEnd(['epmd', '-kill'], { env: this.#env });
		await this.#folder[Symbol.asyncDispose]();
	}
}
