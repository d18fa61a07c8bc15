import { Button, Modal, Textarea } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { checkTaskType, installTaskType } from '../../../shared/client/task-types.ts';
import { readJson } from '../../kit/form/form-state.ts';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { useAct } from '../../kit/remote/use-act.ts';
import { useCommands } from '../palette/commands.tsx';
import { keys } from '../remote/keys.ts';
import classes from './types.module.css';
import { words } from './words.ts';

type GivenObject = Record<string, unknown>;

/** Throws a sentence for what is no JSON object. */
const manifestIn = (text: string): GivenObject => {
	const read = readJson(text);
	if ('fault' in read) throw new Error(`${words.manifest} ${read.fault}.`);
	const { value } = read;
	if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${words.notJson}: { … }`);
	return value;
};

/** Offers a task type to everybody, by its manifest. */
export const InstallButton = () => {
	const [opened, dialog] = useDisclosure(false);
	useCommands([{ id: 'install type', group: words.title, word: words.installTitle, icon: 'plus', run: dialog.open }]);
	return (
		<>
			<Button variant="default" onClick={dialog.open}>
				{words.install}
			</Button>
			<Modal opened={opened} onClose={dialog.close} title={words.installTitle} size="lg">
				{opened && <InstallForm onClose={dialog.close} />}
			</Modal>
		</>
	);
};

const InstallForm = ({ onClose }: { onClose(): void }) => {
	const [text, setText] = useState('');
	const check = useAct({
		act: async () => checkTaskType(http, manifestIn(text)),
		key: keys.taskTypes,
		failed: words.notInstalled,
	});
	const install = useAct({
		act: async () => installTaskType(http, manifestIn(text)),
		key: keys.taskTypes,
		done: ({ name, version }) => words.installedDone(name, version),
		failed: words.notInstalled,
		onDone: onClose,
	});
	const error = install.error ?? check.error;
	return (
		<form
			className={classes.install}
			onSubmit={(event) => {
				event.preventDefault();
				check.reset();
				install.mutate();
			}}
		>
			<p>{words.installText}</p>
			<Textarea
				label={words.manifest}
				classNames={{ input: classes.code! }}
				autosize
				minRows={10}
				maxRows={22}
				spellCheck={false}
				maxLength={64 * 1024}
				required
				data-autofocus
				value={text}
				error={error ? errorText(error) : null}
				onChange={(event) => {
					setText(event.currentTarget.value);
					check.reset();
					install.reset();
				}}
			/>
			<p role="status">{check.data && words.good(check.data.name, check.data.title)}</p>
			<div className={classes.installActs}>
				<Button variant="default" onClick={onClose}>
					{words.cancel}
				</Button>
				<Button variant="default" loading={check.isPending} disabled={text === ''} onClick={() => check.mutate()}>
					{words.checkAct}
				</Button>
				<Button type="submit" loading={install.isPending} disabled={text === ''}>
					{words.installAct}
				</Button>
			</div>
		</form>
	);
};
