import { describe, expect, it } from 'vitest';
import { CodedError } from '../../shared/coded-error.ts';
import { explain } from './failure.ts';

describe('a refusal of the server', () => {
	const fields = [
		{ path: 'weight', message: 'Too small: expected number to be >=0.01' },
		{ path: 'band', message: 'must be whole' },
	];
	it('is said once where its sentence holds what the fields hold', () => {
		const detail = 'weight: Too small: expected number to be >=0.01';
		expect(explain(new CodedError('invalid', detail, { fields: fields.slice(0, 1) })).sentence).toBe(`${detail}.`);
		expect(explain(new CodedError('invalid', detail, { fields })).sentence).toBe(`${detail}: band: must be whole.`);
	});
	it('is said with its fields where its sentence does not name them', () => {
		expect(explain(new CodedError('invalid', 'This is wrong.', { fields })).sentence).toBe(
			'This is wrong: weight: Too small: expected number to be >=0.01; band: must be whole.',
		);
	});
});
