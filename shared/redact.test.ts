import { expect, it } from 'vitest';
import { Redactor } from './redact.ts';

it('takes secrets out wherever they stand, and in the forms in which they travel', () => {
	const redactor = new Redactor(['s3cret/value', 'say "please"', 'short']);
	expect(redactor.text('Bearer s3cret/value, then s3cret/value')).toBe('Bearer •••, then •••');
	expect(redactor.text('https://x.test/?key=s3cret%2Fvalue')).toBe('https://x.test/?key=•••');
	expect(redactor.text('{"a":"say \\"please\\""}')).toBe('{"a":"•••"}');
	expect(redactor.text('this is short')).toBe('this is short');
});

it('takes them out of JSON, names included, and leaves the rest as it is', () => {
	const redactor = new Redactor(['s3cret/value']);
	expect(redactor.json({ 's3cret/value': [1, null, { deep: 'a s3cret/value b' }], ok: true })).toEqual({
		'•••': [1, null, { deep: 'a ••• b' }],
		ok: true,
	});
	const untouched = { a: ['b'] };
	expect(new Redactor([]).json(untouched)).toBe(untouched);
});

it('masks one secret that holds another as a whole', () => {
	expect(new Redactor(['secret', 'secret-and-more']).text('secret-and-more')).toBe('•••');
});

it('takes half a surrogate pair as it is', () => {
	expect(new Redactor(['\ud800abcdef']).text('x\ud800abcdefx')).toBe('x•••x');
});
