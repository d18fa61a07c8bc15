import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { heartbeatSchema, settleSchema, startedSchema } from '../../../shared/protocol/agent-link.ts';
import { readHello } from './read-hello.ts';
import { readHeartbeat, readSettle, readStarted } from './read-messages.ts';

const anything = () =>
	fc.anything({ maxDepth: 4, withBigInt: false, withDate: true, withMap: true, withTypedArray: true });
/** Anything with the names that the protocol uses, so that it gets past the first look. */
const nearly = () =>
	fc.record(
		{
			task: fc.oneof(fc.constant(`tsk_${'0'.repeat(26)}`), anything()),
			attempt: fc.oneof(fc.integer(), anything()),
			token: fc.oneof(fc.constant('f'.repeat(32)), anything()),
			attempts: fc.array(anything()),
			running: fc.array(anything()),
			items: fc.oneof(fc.array(anything()), anything()),
			seq: fc.oneof(fc.integer(), anything()),
			metrics: anything(),
			outcome: fc.constantFrom('succeeded', 'failed'),
			failure: anything(),
			protocol: anything(),
		},
		{ requiredKeys: [] },
	);
const message = () => fc.oneof(anything(), nearly());

const ref = fc.record({
	task: fc.constantFrom(`tsk_${'0'.repeat(26)}`, `tsk_${'z'.repeat(26)}`),
	attempt: fc.integer({ min: 1, max: 9 }),
	token: fc.stringMatching(/^[0-9a-f]{32}$/),
});

describe('what agents send', () => {
	test('never makes the reading throw', () => {
		fc.assert(
			fc.property(message(), (sent) => {
				for (const read of [readStarted, readHeartbeat, readSettle, readHello]) read(sent);
			}),
			{ numRuns: 2_000 },
		);
	});

	test('is read as the schemas have it', () => {
		fc.assert(
			fc.property(fc.array(ref, { minLength: 1, maxLength: 20 }), fc.nat(), (refs, seq) => {
				const started = { attempts: refs };
				expect(readStarted(started)).toEqual(startedSchema.parse(started).attempts);
				const beat = { seq, running: refs, metrics: {} };
				expect(readHeartbeat(beat)).toEqual(heartbeatSchema.parse(beat));
				const settle = { items: refs, seal: 'x' };
				expect(readSettle(settle)).toEqual(settleSchema.parse(settle));
			}),
		);
	});

	test('is not read when it is more than one message may hold', () => {
		const refs = Array.from({ length: 4_097 }, () => ({ task: 'tsk', attempt: 1, token: 't' }));
		expect(readStarted({ attempts: refs })).toBeNull();
		expect(readHeartbeat({ seq: 1, running: refs, metrics: {} })).toBeNull();
		expect(readSettle({ items: refs })).toBeNull();
		expect(readSettle({ items: refs.slice(1) })?.items).toHaveLength(4_096);
	});
});
