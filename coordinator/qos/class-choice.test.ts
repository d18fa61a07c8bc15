import { afterEach, beforeEach, expect, it } from 'vitest';
import { QosRoom } from '../../test/support/qos-room.ts';
import { chooseClass } from './class-choice.ts';

let room: QosRoom;
beforeEach(async () => {
	room = await QosRoom.open();
	room.user(1);
	await room.put('over', { idleOnly: true, validUntil: '2020-01-01T00:00:00Z' });
	await room.give(1, 'hardware');
});
afterEach(() => room[Symbol.asyncDispose]());

const choose = (asked: string | undefined, mayNameAny = false) => {
	try {
		return chooseClass(asked, { seq: 1, mayNameAny }, room.policies);
	} catch (error) {
		return error as { code: string; message: string };
	}
};

it('is none when none is asked for', () => {
	expect(choose(undefined)).toBeNull();
});

it('may be one’s own and any idle-only one, and for those who steer any', () => {
	expect(choose('hardware')).toBe('hardware');
	expect(choose('background')).toBe('background');
	expect(choose('priority', true)).toBe('priority');
});

it('is refused with a sentence that says which may be named', () => {
	const refused = choose('priority');
	expect(refused).toMatchObject({ code: 'class-not-allowed', fields: [{ path: 'serviceClass' }] });
	expect((refused as { message: string }).message).toMatch(
		/You may name: backfill, background, hardware; or leave it out\.$/,
	);
	expect(choose('standard')).toMatchObject({ code: 'class-not-allowed' });
	expect(choose('nothing')).toMatchObject({ code: 'unknown-service-class' });
	expect(choose('nothing', true)).toMatchObject({ code: 'unknown-service-class' });
	expect(choose('over', true)).toMatchObject({
		code: 'class-not-allowed',
		message: expect.stringMatching(/at this time/),
	});
});
