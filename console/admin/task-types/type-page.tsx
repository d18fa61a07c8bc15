import { Link, useParams } from 'react-router';
import type { Json } from '../../../shared/protocol/json.ts';
import { type Manifest, taskTypeNameSchema } from '../../../shared/protocol/task-type.ts';
import { JsonView } from '../../kit/json-view.tsx';
import { useMe } from '../../kit/session/session.tsx';
import page from '../../kit/shell/page.module.css';
import { ReadOne } from '../../kit/shell/read-one.tsx';
import { useTitle } from '../../kit/use-title.ts';
import { ManifestFacts } from './manifest-facts.tsx';
import { NodeTable } from './node-table.tsx';
import { ParameterTable } from './parameter-table.tsx';
import { RetireButton } from './retire-dialog.tsx';
import { TestRun } from './test-run.tsx';
import classes from './types.module.css';
import { useType } from './use-types.ts';
import { words } from './words.ts';

/** One task type: what it takes and gives, what it needs and which nodes have that, and a run to try it out. */
export const TaskTypePage = () => {
	const { name = '' } = useParams();
	useTitle(name);
	const type = useType(name);
	const isId = taskTypeNameSchema.safeParse(name).success;
	return (
		<ReadOne query={type} isId={isId} what={words.type} all={{ to: '/task-types', word: words.all }}>
			{(manifest) => <TaskType key={manifest.name} type={manifest} />}
		</ReadOne>
	);
};

const TaskType = ({ type }: { type: Manifest }) => {
	const { role } = useMe();
	return (
		<>
			<Link className={page.back} to="/task-types">
				{words.all}
			</Link>
			<div className={page.head}>
				<div className={page.titleLine}>
					<h1 className={page.title}>{type.name}</h1>
					<span className={page.quiet}>{type.title}</span>
				</div>
				<div className={page.acts}>
					{role === 'administrator' && type.command !== undefined && <RetireButton name={type.name} />}
				</div>
			</div>
			{type.description !== '' && <p className={page.headline}>{type.description}</p>}
			<div className={page.columns}>
				<div className={page.main}>
					<section aria-label={words.parameters}>
						<h2 className={classes.heading}>{words.parameters}</h2>
						<ParameterTable schema={type.parameters} />
					</section>
					<TestRun type={type} />
					<section aria-label={words.whichNodes}>
						<h2 className={classes.heading}>{words.whichNodes}</h2>
						<NodeTable type={type} />
					</section>
				</div>
				<div className={page.side}>
					<ManifestFacts type={type} />
					<details className={classes.raw}>
						<summary>{words.raw}</summary>
						<JsonView value={type as unknown as Json} label={words.raw} />
					</details>
				</div>
			</div>
		</>
	);
};
