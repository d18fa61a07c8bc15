import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { CopyButton } from '../../kit/copy-button.tsx';
import { plural } from '../../kit/format.ts';
import { Duration, RelativeTime } from '../../kit/time.tsx';
import { urlOfDatasetFile } from '../datasets/dataset-words.ts';
import { urlOfFile } from '../files/folder-url.ts';
import { useTaskTypes } from '../remote/use-tasks.ts';
import { causeWords, type Made, type MadeOf, recipeWords, settingWords, usedWords } from './made-words.ts';
import classes from './results.module.css';

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
	<div>
		<dt>{name}</dt>
		<dd>{children}</dd>
	</div>
);

const HASH_SHOWN = 12;

const Input = ({ input }: { input: MadeOf }) => {
	const { file, dataset, path, version, sha256 } = input;
	return (
		<li>
			{path === null ? (
				'a file that is gone'
			) : file !== null ? (
				<Link to={urlOfFile({ id: file, path })}>{path}</Link>
			) : dataset === undefined ? (
				path
			) : (
				<Link to={urlOfDatasetFile(dataset, version, path)}>{path} of a dataset</Link>
			)}{' '}
			<small>version {version}</small>
			<span className={classes.hash}>
				<code className="millrace-mono" title={sha256}>
					{sha256.slice(0, HASH_SHOWN)}…
				</code>
				<CopyButton text={sha256} what={`the SHA-256 of ${path ?? 'the file'}`} />
			</span>
		</li>
	);
};

/** How something was made: what did it, of what, with which settings, where and when, and what it used. */
export const MadeFacts = ({ made, isOnTask = false }: { made: Made; isOnTask?: boolean }) => {
	const types = useTaskTypes().data?.items ?? [];
	const title = types.find(({ name }) => name === made.type)?.title;
	const settings = Object.entries(made.parameters ?? {});
	const left = made.inputCount - made.inputs.length;
	return (
		<dl className={classes.made}>
			<Fact name="By">
				{title ?? made.type}{' '}
				<small>
					{title !== undefined && made.type}
					{made.typeVersion !== null && ` version ${made.typeVersion}`}
				</small>
				{!isOnTask && (
					<>
						{' · '}
						<Link to={`/tasks/${made.task}`}>its task</Link>
					</>
				)}
			</Fact>
			<Fact name="Because">
				{causeWords(made.cause)}
				{made.recipe !== null && (
					<>
						{' · '}
						<Link to={`/recipes/${made.recipe.id}`}>{recipeWords(made.recipe)}</Link>
					</>
				)}
			</Fact>
			{made.inputs.length > 0 && (
				<Fact name="Of">
					<ul className={classes.inputs}>
						{made.inputs.map((input) => (
							<Input key={`${input.file ?? input.dataset} ${input.path} ${input.version}`} input={input} />
						))}
					</ul>
					{left > 0 && <small>and {plural(left, 'more file')}</small>}
				</Fact>
			)}
			<Fact name="With">
				{made.parameters === null ? (
					'settings that were too long to be kept'
				) : settings.length === 0 ? (
					'no settings'
				) : (
					<ul className={classes.settings}>
						{settings.map(([name, value]) => (
							<li key={name}>
								<small>{name}</small> {settingWords(value)}
							</li>
						))}
					</ul>
				)}
			</Fact>
			{made.node !== null && (
				<Fact name="On">
					{made.node} {made.attempt !== null && <small>attempt {made.attempt}</small>}
				</Fact>
			)}
			{made.startedAt !== null && (
				<Fact name="When">
					<RelativeTime at={made.finishedAt ?? made.startedAt} />, {made.finishedAt === null ? 'so far ' : 'took '}
					<Duration from={made.startedAt} until={made.finishedAt} />
				</Fact>
			)}
			{made.finishedAt !== null && <Fact name="Used">{usedWords(made.usage)}</Fact>}
		</dl>
	);
};
