import { Link } from 'react-router';
import type { GroupView } from '../../../shared/protocol/group.ts';
import { formatCount } from '../../kit/format.ts';
import type { TableColumn } from '../../kit/table/table-column.ts';
import { RelativeTime } from '../../kit/time.tsx';
import { words } from './words.ts';

/** Where a group is shown, whatever it will be called; its name leads there too. */
export const groupPath = ({ id }: { id: string }): string => `/groups/${id}`;

/** The class that the people of a group get by it, and where it is from if it is not its own. */
export const classOf = ({ name, inForce: { serviceClass, group } }: GroupView): string => {
	if (group === null) return words.standard(serviceClass);
	return group === name ? serviceClass : words.inherited(serviceClass, group);
};

export const groupColumns = (groups: readonly GroupView[]): TableColumn<GroupView>[] => {
	const names = new Map(groups.map(({ id, name }) => [id, name]));
	const parentOf = ({ parent }: GroupView) => (parent === null ? null : (names.get(parent) ?? parent));
	return [
		{
			name: 'name',
			head: words.name,
			width: '30%',
			cell: (group) => <Link to={groupPath(group)}>{group.name}</Link>,
			value: ({ name }) => name,
		},
		{
			name: 'within',
			head: words.within,
			cell: (group) => parentOf(group) ?? '–',
			value: parentOf,
		},
		{
			name: 'class',
			head: words.serviceClass,
			width: '30%',
			cell: (group) => <Link to={`/classes/${group.inForce.serviceClass}`}>{classOf(group)}</Link>,
			value: classOf,
		},
		{
			name: 'members',
			head: words.members,
			isNumber: true,
			cell: (group) => <Link to={groupPath(group)}>{formatCount(group.members)}</Link>,
			value: ({ members }) => members,
		},
		{
			name: 'made',
			head: words.madeAt,
			cell: ({ createdAt }) => <RelativeTime at={createdAt} />,
			value: ({ createdAt }) => createdAt,
		},
	];
};
