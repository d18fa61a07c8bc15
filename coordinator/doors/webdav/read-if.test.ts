import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holds, readIf, tokensIn } from './read-if.ts';

const refused = (code: string) => expect.objectContaining({ code });

describe('the header If', () => {
	it.each([
		['(<t>)', [{ resource: null, conditions: [{ isNot: false, token: 't' }] }]],
		[
			'(<t> ["e"])(Not <u>)',
			[
				{
					resource: null,
					conditions: [
						{ isNot: false, token: 't' },
						{ isNot: false, etag: '"e"' },
					],
				},
				{ resource: null, conditions: [{ isNot: true, token: 'u' }] },
			],
		],
		[
			'</a> (<t>) ( not [W/"e"] ) <http://x/b> (<u>)',
			[
				{ resource: '/a', conditions: [{ isNot: false, token: 't' }] },
				{ resource: '/a', conditions: [{ isNot: true, etag: 'W/"e"' }] },
				{ resource: 'http://x/b', conditions: [{ isNot: false, token: 'u' }] },
			],
		],
	])('is read: %s', (text, lists) => {
		expect(readIf(text)).toEqual(lists);
	});

	it.each([
		...['', '()', '(<t>', '<t>', '</a>', '(<t>) </a> (<t>)', '</a> </b> (<t>)', '((<t>))', '(Not)', '(Not Not <t>)'],
		...['(<t>) x', '(t)', '["e"]', '(["e)', '(Not<t>)(', '(<a b>)', '([e])', `(${'<t>'.repeat(400)})`],
	])('is refused as %s', (text) => {
		expect(() => readIf(text)).toThrow(refused('bad-request'));
	});

	it('is read or refused, whatever it is', () => {
		const piece = fc.constantFrom('(', ')', '<t>', '["e"]', 'Not ', ' ', '</a>', '[', 'x');
		fc.assert(
			fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
				try {
					expect(readIf(pieces.join('')).every(({ conditions }) => conditions.length > 0)).toBe(true);
				} catch (error) {
					expect(error).toEqual(refused('bad-request'));
				}
			}),
		);
	});

	it('submits every token that it names', () => {
		expect(tokensIn(readIf('(<a> Not <b>) (["e"] <c>)'))).toEqual(['a', 'b', 'c']);
		expect(tokensIn(readIf(undefined))).toEqual([]);
	});
});

describe('it holds', () => {
	const states = async (resource: string | null) =>
		resource === '/other' ? { etag: null, tokens: new Set<string>() } : { etag: '"e"', tokens: new Set(['t']) };

	it.each([
		['(<t>)', true],
		['(<u>)', false],
		['(<t> ["e"])', true],
		['(<t> ["f"])', false],
		['(["f"]) (<t>)', true],
		['(Not <DAV:no-lock>)', true],
		['(<DAV:no-lock>)', false],
		['(<t> Not ["e"])', false],
		['([W/"e"])', false],
		['</other> (<t>)', false],
		['</other> (Not <t>)', true],
		['</other> (<t>) </this> (["e"])', true],
	])('%s: %s', async (text, expected) => {
		expect(await holds(readIf(text), states)).toBe(expected);
	});

	it('when there is none', async () => {
		expect(await holds([], states)).toBe(true);
	});
});
