import { expect, it } from 'vitest';
import type { QuarantineGroup } from '../../../shared/protocol/quarantine.ts';
import { findCauses } from './find-causes.ts';

const cause = (type: string, errorCode: string, message: string) =>
	({ group: 'a1', type, errorCode, message }) as QuarantineGroup;

it('finds causes by every word of what is typed', () => {
	const io = cause('thumbnail', 'io', 'cannot read #');
	const net = cause('md5', 'net', 'No such host');
	expect(findCauses([io, net], ' NO  host')).toEqual([net]);
	expect(findCauses([io, net], 'thumbnail io')).toEqual([io]);
	expect(findCauses([io, net], 'thumbnail net')).toEqual([]);
	expect(findCauses([io, net], ' ')).toEqual([io, net]);
});
