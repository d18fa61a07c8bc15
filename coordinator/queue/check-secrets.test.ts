import { expect, it } from 'vitest';
import { CodedError } from '../../shared/coded-error.ts';
import { checkSecrets } from './check-secrets.ts';

const slot = (name: string, required: boolean) => ({ slot: name, title: name, description: '', required });
const manifest = { name: 'pull', secrets: [slot('token', true), slot('proxy', false)] };
const own = new Set(['sec_1', 'sec_2']);
const refusal = (act: () => unknown) => {
	try {
		act();
	} catch (error) {
		if (error instanceof CodedError) return [error.code, error.fields?.[0]?.path];
		throw error;
	}
	return 'taken';
};

it('gives a task the ids of what it names, never more', () => {
	expect(checkSecrets(manifest, { token: 'sec_1' }, own)).toMatchObject({
		cause: 'demand',
		given: { secrets: { token: 'sec_1' } },
	});
	expect(checkSecrets({ name: 'md5', secrets: [] }, {}, new Set())).toBeNull();
});

it('refuses what is missing, not one’s own, or not asked for', () => {
	expect(refusal(() => checkSecrets(manifest, {}, own))).toEqual(['secret-missing', 'secrets.token']);
	expect(refusal(() => checkSecrets(manifest, { token: 'sec_3' }, own))).toEqual(['secret-missing', 'secrets.token']);
	expect(refusal(() => checkSecrets(manifest, { token: 'sec_1', other: 'sec_2' }, own))).toEqual([
		'invalid',
		'secrets.other',
	]);
	const program = { ...manifest, command: ['./run'] };
	expect(refusal(() => checkSecrets(program, { token: 'sec_1' }, own))).toEqual(['manifest-invalid', 'secrets.token']);
});
