import type { ParameterSchema } from '../../../shared/protocol/parameter-schema.ts';
import page from '../../kit/shell/page.module.css';
import { DataTable } from '../../kit/table/data-table.tsx';
import type { TableColumn } from '../../kit/table/table-column.ts';
import { type ParameterRow, parameterRows } from './parameter-rows.ts';
import { words } from './words.ts';

const COLUMNS: TableColumn<ParameterRow>[] = [
	{
		...{ name: 'name', head: words.parameter, width: '150px' },
		cell: ({ name, isRequired }) => (
			<>
				<span className="millrace-mono">{name}</span>
				{isRequired && <div className={page.quiet}>{words.required}</div>}
			</>
		),
		value: ({ name }) => name,
	},
	{ name: 'meaning', head: words.meaning, cell: ({ label, meaning }) => meaning || label, value: (row) => row.meaning },
	{ name: 'kind', head: words.kind, width: '110px', cell: ({ kind }) => kind, value: ({ kind }) => kind },
	{ name: 'takes', head: words.fits, width: '170px', cell: ({ takes }) => takes, value: ({ takes }) => takes },
	{ name: 'preset', head: words.preset, width: '110px', cell: ({ preset }) => preset, value: ({ preset }) => preset },
];

/** What can be told to a task, to be read. */
export const ParameterTable = ({ schema }: { schema: ParameterSchema }) => {
	const rows = parameterRows(schema);
	if (rows.length === 0) return <p className={page.quiet}>{words.noParameters}</p>;
	return (
		<DataTable
			label={words.parameters}
			rows={rows}
			columns={COLUMNS}
			keyOf={({ name }) => name}
			sortName="parameters"
			csvName="parameters"
		/>
	);
};
