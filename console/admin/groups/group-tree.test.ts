import { expect, it } from 'vitest';
import { groupCalled, namesIn, possibleParents } from './group-tree.ts';

const group = (name: string, parent: string | null) => ({
	...{ id: `grp_${name}`, name },
	parent: parent === null ? null : `grp_${parent}`,
});
const institute = group('institute', null);
const lab = group('lab', 'institute');
const project = group('project', 'lab');
const alone = group('alone', null);
const groups = [institute, lab, project, alone];

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
