import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueries } from '@tanstack/react-query';
import { useState } from 'react';
import { listFolder, readFile } from '../../../shared/client/files.ts';
import { eachItem } from '../../../shared/client/page.ts';
import type { TaskInput } from '../../../shared/protocol/task.ts';
import type { Manifest } from '../../../shared/protocol/task-type.ts';
import { plural } from '../../kit/format.ts';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import pageClasses from '../../kit/shell/page.module.css';
import { keys } from '../remote/keys.ts';
import classes from './schedules.module.css';

/** The id of the file at a path; throws a sentence for a person. */
const findFile = async (path: string): Promise<string> => {
	const at = path.lastIndexOf('/');
	const folder = path.slice(0, at) || '/';
	const pages = eachItem((cursor) => listFolder(http, folder, { limit: 1_000, ...(cursor ? { cursor } : {}) }));
	for await (const { kind, id, name } of pages) if (kind === 'file' && name === path.slice(at + 1)) return id;
	throw new Error(`There is no file ${path}.`);
};

const fileOf = (input: TaskInput): string => ('file' in input ? input.file : '');

/** How an input is called: where the file is now, or its place in its dataset. */
const nameOf = (input: TaskInput, file: { data?: { path: string | null } | undefined; isError: boolean }): string => {
	if (!('file' in input)) return `dataset:${input.dataset}/${input.path}`;
	return file.data?.path ?? (file.isError ? 'a file that is gone' : '…');
};

interface InputsFieldProps {
	type: Manifest;
	inputs: readonly TaskInput[];
	onChange(inputs: TaskInput[]): void;
}

/** Whether a task of the type can be given so many files; the answer says how many. */
export const inputsFault = ({ inputs: { min, max } }: Manifest, inputs: readonly TaskInput[]): string | null => {
	if (inputs.length >= min && inputs.length <= max) return null;
	return `Takes ${min === max ? plural(min, 'file') : `${min} to ${plural(max, 'file')}`}.`;
};

/** The files that each run works on, always as they are then. */
export const InputsField = ({ type, inputs, onChange }: InputsFieldProps) => {
	const [path, setPath] = useState('');
	const files = useQueries({
		queries: inputs.map((input) => ({
			queryKey: keys.file(fileOf(input)),
			queryFn: ({ signal }: { signal: AbortSignal }) => readFile(http, fileOf(input), { signal }),
			enabled: 'file' in input,
		})),
	});
	const add = useMutation({
		mutationFn: (wanted: string) => findFile(wanted.startsWith('/') ? wanted : `/${wanted}`),
		onSuccess: (file) => {
			setPath('');
			if (!inputs.some((one) => 'file' in one && one.file === file)) onChange([...inputs, { file }]);
		},
	});
	const submit = () => {
		if (path.trim() !== '' && !add.isPending) add.mutate(path.trim());
	};
	return (
		<div>
			{inputs.length > 0 && (
				<ul className={classes.files}>
					{inputs.map((input, at) => {
						const name = nameOf(input, files[at]!);
						return (
							<li key={JSON.stringify(input)}>
								<span>{name}</span>
								<Button variant="default" size="xs" onClick={() => onChange(inputs.filter((one) => one !== input))}>
									Take out<span className="millrace-off-screen"> {name}</span>
								</Button>
							</li>
						);
					})}
				</ul>
			)}
			{inputs.length < type.inputs.max && (
				<div className={classes.addFile}>
					<TextInput
						label="File"
						description={`The whole path, such as /archive/list.csv. ${inputsFault(type, inputs) ?? 'May be left empty.'}`}
						autoComplete="off"
						spellCheck={false}
						value={path}
						onChange={(event) => setPath(event.currentTarget.value)}
						onKeyDown={(event) => {
							// Enter here adds the file; the schedule is made by its own button.
							if (event.key !== 'Enter' || path.trim() === '') return;
							event.preventDefault();
							submit();
						}}
					/>
					<Button variant="default" loading={add.isPending} onClick={submit}>
						Add
					</Button>
				</div>
			)}
			{add.isError && (
				<p className={pageClasses.fault} role="alert">
					{errorText(add.error)}
				</p>
			)}
		</div>
	);
};
