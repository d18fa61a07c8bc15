import { describe, expect, it } from 'vitest';
import { KeySequence } from './shortcuts.ts';

const NAMES = ['?', '/', 'g f', 'g t'];

describe('keys', () => {
	it('that are a shortcut alone complete it at once', () => {
		expect(new KeySequence().press('?', 0, NAMES)).toBe('?');
	});

	it('complete a pair when they come soon after each other', () => {
		const keys = new KeySequence();
		expect(keys.press('g', 0, NAMES)).toBeNull();
		expect(keys.press('t', 1_000, NAMES)).toBe('g t');
	});

	it('do not complete a pair when they come late, or when another key came between', () => {
		const keys = new KeySequence();
		keys.press('g', 0, NAMES);
		expect(keys.press('t', 2_000, NAMES)).toBeNull();
		keys.press('g', 3_000, NAMES);
		keys.press('x', 3_100, NAMES);
		expect(keys.press('t', 3_200, NAMES)).toBeNull();
	});

	it('that completed a pair begin no other', () => {
		const keys = new KeySequence();
		keys.press('g', 0, ['g g', 'g f']);
		expect(keys.press('g', 100, ['g g', 'g f'])).toBe('g g');
		expect(keys.press('f', 200, ['g g', 'g f'])).toBeNull();
	});
});
