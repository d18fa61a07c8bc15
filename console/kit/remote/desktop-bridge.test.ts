import { expect, it } from 'vitest';
import { toldPlace } from './desktop-bridge.ts';

const page = (content: string | null) => ({
	querySelector: () => (content === null ? null : { getAttribute: () => content }),
});
const placeIn = (content: string | null) => toldPlace(page(content) as unknown as Pick<Document, 'querySelector'>);
const lab = { name: 'Lab', color: 'teal', isProduction: true, address: 'https://lab.example:8443/millrace' };

it('tells which coordinator the page was loaded for, and where others reach it', () => {
	expect(placeIn(JSON.stringify(lab))).toEqual(lab);
	for (const nothing of ['null', null]) {
		expect(placeIn(nothing)).toMatchObject({ name: 'No coordinator', address: '' });
	}
});

it.each(['app://millrace', 'javascript:alert(1)', 'lab.example', ''])('hands nobody the address %j', (address) => {
	expect(placeIn(JSON.stringify({ ...lab, address }))).toEqual({ ...lab, address: '' });
});
