import { Link } from 'react-router';
import type { FiledOutput, ResultView } from '../../../shared/protocol/result.ts';
import { urlOfFile } from '../files/folder-url.ts';
import classes from './results.module.css';

interface FilingLineProps {
	filing: FiledOutput;
	/** The file as it is now; undefined until that is known, or when it is in the trash. */
	result: ResultView | undefined;
}

/** What became of an output as a file, or why it did not become one. */
export const FilingLine = ({ filing, result }: FilingLineProps) => {
	const { state, file, version, reason } = filing;
	if (state === 'unfiled') return <span className={classes.unfiled}>Stays here: {reason}</span>;
	if (file === null) return <span>Its file was destroyed since</span>;
	const path = result?.path;
	return (
		<span>
			Filed as{' '}
			<Link to={path ? urlOfFile({ id: file, path }) : `/files?file=${file}`}>{path ?? result?.name ?? 'a file'}</Link>
			{version !== null && version > 1 && `, version ${version}`}
		</span>
	);
};
