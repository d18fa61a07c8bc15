import { expect, it } from 'vitest';
import { givenBy, groupCalled, namesIn, possibleParents } from './group-tree.ts';

const group = (name: string, parent: string | null, serviceClass: string | null = null) => ({
	...{ id: `grp_${name}`, name, serviceClass },
	parent: parent === null ? null : `grp_${parent}`,
});
const institute = group('institute', null, 'priority');
const lab = group('lab', 'institute');
const project = group('project', 'lab', 'background');
const alone = group('alone', null);
const groups = [institute, lab, project, alone];

it('gives the class of the nearest group that has one', () => {
	expect(givenBy(groups, project)).toEqual({ serviceClass: 'background', from: project });
	expect(givenBy(groups, lab)).toEqual({ serviceClass: 'priority', from: institute });
	expect(givenBy(groups, alone)).toBeNull();
	const round = [group('a', 'b'), group('b', 'a')];
	expect(givenBy(round, round[0]!)).toBeNull();
});

it('may lie in no group that is within it', () => {
	expect(possibleParents(groups, institute).map(({ name }) => name)).toEqual(['alone']);
	expect(possibleParents(groups, project)).toHaveLength(3);
});

it('is found by id, and by name in any case', () => {
	expect(groupCalled(groups, 'LAB')).toBe(lab);
	expect(groupCalled(groups, 'grp_lab')).toBe(lab);
	expect(groupCalled(groups, 'nobody')).toBeUndefined();
});

it('takes names apart', () => {
	expect(namesIn(' ada, bob\nada;\n\n eve ')).toEqual(['ada', 'bob', 'eve']);
});
