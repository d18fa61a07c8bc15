import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

const hex = (digits: number) => z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`));
const nanoseconds = z.string().regex(/^\d{19}$/);
/** What a receiver of OTLP/HTTP JSON takes, as far as we send it; nothing else is taken. */
const requestSchema = z.strictObject({
	resourceSpans: z.array(
		z.strictObject({
			resource: z.strictObject({ attributes: z.array(z.unknown()) }),
			scopeSpans: z.array(
				z.strictObject({
					scope: z.strictObject({ name: z.string(), version: z.string() }),
					spans: z.array(
						z.strictObject({
							traceId: hex(32),
							spanId: hex(16),
							parentSpanId: hex(16).optional(),
							name: z.string().min(1),
							kind: z.literal(1),
							startTimeUnixNano: nanoseconds,
							endTimeUnixNano: nanoseconds,
							attributes: z.array(z.strictObject({ key: z.string(), value: z.record(z.string(), z.unknown()) })),
							status: z.strictObject({ code: z.number(), message: z.string().optional() }),
						}),
					),
				}),
			),
		}),
	),
});
export type ReceivedSpan = z.infer<
	typeof requestSchema
>['resourceSpans'][number]['scopeSpans'][number]['spans'][number];

/** A receiver of traces on loopback; refuses what is not OTLP. */
export class OtlpReceiver implements AsyncDisposable {
	readonly spans: ReceivedSpan[] = [];
	readonly paths: string[] = [];
	/** What was said that is no OTLP. */
	readonly malformed: string[] = [];
	/** What it answers instead of 200. */
	status = 200;
	readonly #server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			this.paths.push(`${request.method} ${request.url} ${request.headers['content-type']}`);
			if (this.status === 200) this.#take(Buffer.concat(chunks).toString('utf8'));
			response.writeHead(this.status, { 'content-type': 'application/json' }).end('{}');
		});
	});
	#port = 0;

	static async start(): Promise<OtlpReceiver> {
		const receiver = new OtlpReceiver();
		await new Promise<void>((resolve) => receiver.#server.listen(0, '127.0.0.1', resolve));
		receiver.#port = (receiver.#server.address() as AddressInfo).port;
		return receiver;
	}

	get url(): string {
		return `http://127.0.0.1:${this.#port}`;
	}

	/** The text of an attribute. */
	static attribute({ attributes }: ReceivedSpan, key: string): unknown {
		const value = attributes.find((one) => one.key === key)?.value;
		return value && Object.values(value)[0];
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.#server.closeAllConnections();
		await new Promise((resolve) => this.#server.close(resolve));
	}

	#take(text: string): void {
		const parsed = requestSchema.safeParse(JSON.parse(text));
		if (!parsed.success) this.malformed.push(parsed.error.message);
		for (const { scopeSpans } of parsed.data?.resourceSpans ?? []) {
			for (const { spans } of scopeSpans) this.spans.push(...spans);
		}
	}
}
