import { createHash } from 'node:crypto';

/** One piece of work: what it was, when, below what, and whether it went well. Times are in milliseconds since 1970. */
export interface Span {
	/** 32 and 16 hexadecimal digits; the parent is null for the first of a trace. */
	traceId: string;
	spanId: string;
	parentId: string | null;
	name: string;
	startedAt: number;
	endedAt: number;
	attributes: Readonly<Record<string, string | number | boolean>>;
	/** Null: it went well. */
	error: string | null;
}

const digest = (text: string, digits: number): string =>
	createHash('sha256').update(text).digest('hex').slice(0, digits);

/** Ids follow from what a thing is called: whoever knows a task finds its trace, and a span that is sent twice is one. */
export const traceIdOf = (root: string): string => digest(`millrace trace ${root}`, 32);
export const spanIdOf = (what: string): string => digest(`millrace span ${what}`, 16);

/** OTLP counts in nanoseconds, as text; milliseconds with a fraction are more than a number holds exactly. */
const nanoseconds = (ms: number): string => `${Math.max(0, Math.round(ms))}000000`;

const attributesOf = (attributes: Span['attributes']) =>
	Object.entries(attributes).map(([key, value]) => ({
		key,
		value:
			typeof value === 'string'
				? { stringValue: value }
				: typeof value === 'boolean'
					? { boolValue: value }
					: Number.isInteger(value)
						? { intValue: String(value) }
						: { doubleValue: value },
	}));

const INTERNAL = 1;
const STATUS = { ok: 1, error: 2 };

/** A request of OTLP over HTTP with JSON, version 1. */
export const exportRequestOf = (spans: readonly Span[], version: string): object => ({
	resourceSpans: [
		{
			resource: {
				attributes: attributesOf({ 'service.name': 'millrace-coordinator', 'service.version': version }),
			},
			scopeSpans: [
				{
					scope: { name: 'millrace', version },
					spans: spans.map(({ traceId, spanId, parentId, name, startedAt, endedAt, attributes, error }) => ({
						traceId,
						spanId,
						...(parentId === null ? {} : { parentSpanId: parentId }),
						name,
						kind: INTERNAL,
						startTimeUnixNano: nanoseconds(startedAt),
						// Clocks are set back; nothing ends before it began.
						endTimeUnixNano: nanoseconds(Math.max(startedAt, endedAt)),
						attributes: attributesOf(attributes),
						status: error === null ? { code: STATUS.ok } : { code: STATUS.error, message: error },
					})),
				},
			],
		},
	],
});
