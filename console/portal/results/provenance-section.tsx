import { Link } from 'react-router';
import type { FileDetail } from '../../../shared/protocol/file.ts';
import { plural } from '../../kit/format.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { LoadingState } from '../../kit/states.tsx';
import { AgainActs } from './again-acts.tsx';
import { MadeFacts } from './made-facts.tsx';
import { madeByRecord } from './made-words.ts';
import classes from './results.module.css';
import { useProvenance } from './use-results.ts';

const RESULTS_SHOWN = 8;

/** In a file’s details: how its newest version was made, and what was made of it. */
export const ProvenanceSection = ({ file }: { file: Pick<FileDetail, 'id' | 'version'> }) => {
	const { data, error } = useProvenance(file.id, file.version);
	if (data === undefined) {
		return error ? (
			<p className={classes.fault} role="alert">
				{errorText(error)}
			</p>
		) : (
			<LoadingState what="how it was made" rows={2} />
		);
	}
	const { made, results } = data;
	return (
		<>
			{made === null ? (
				<p className={classes.quiet}>It was uploaded; no task made it.</p>
			) : (
				<>
					<MadeFacts made={madeByRecord(made)} />
					<AgainActs task={made.task} />
				</>
			)}
			{results.length > 0 && (
				<p className={classes.usedBy}>
					{plural(results.length, 'file was', 'files were')} made of it:{' '}
					{results.slice(0, RESULTS_SHOWN).map(({ file: id, name, version }, at) => (
						<span key={`${id} ${version}`}>
							{at > 0 && ', '}
							<Link to={`/files?file=${id}`}>{name}</Link>
						</span>
					))}
					{results.length > RESULTS_SHOWN && ', …'}
				</p>
			)}
		</>
	);
};
