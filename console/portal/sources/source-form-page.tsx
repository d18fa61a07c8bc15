import { useState } from 'react';
import { Link, useParams } from 'react-router';
import type { SourceView } from '../../../shared/protocol/source.ts';
import classes from '../../kit/shell/page.module.css';
import { ReadOne } from '../../kit/shell/read-one.tsx';
import { useSearchParam } from '../../kit/shell/use-search-param.ts';
import { EmptyState, ErrorState, LoadingState } from '../../kit/states.tsx';
import { useTitle } from '../../kit/use-title.ts';
import { SourceForm } from './source-form.tsx';
import { isSourceId, useSource, useSourceTypes } from './use-sources.ts';

/** Makes a source. */
export const NewSourcePage = () => {
	useTitle('New source');
	return <FormPage title="New source" />;
};

/** Changes a source; what was changed by somebody else meanwhile is not overwritten. */
export const EditSourcePage = () => {
	const { id = '' } = useParams();
	const query = useSource(id);
	useTitle('Change a source');
	return (
		<ReadOne query={query} isId={isSourceId(id)} what="source" all={{ to: '/sources', word: 'All sources' }}>
			{(source) => <FormPage title={`Change ${source.name}`} source={source} />}
		</ReadOne>
	);
};

const FormPage = ({ title, source }: { title: string; source?: SourceView }) => (
	<>
		<Link className={classes.back!} to={source ? `/sources/${source.id}` : '/sources'}>
			{source ? source.name : 'All sources'}
		</Link>
		<h1 className={classes.title}>{title}</h1>
		<TypedForm {...(source ? { source } : {})} />
	</>
);

/** The form by the manifest of its type. */
const TypedForm = ({ source }: { source?: SourceView }) => {
	const [chosen, choose] = useSearchParam('type');
	// It stays when another kind is chosen, which is another form.
	const [name, setName] = useState(source?.name ?? '');
	const { types, isError, error, refetch } = useSourceTypes();
	if (types === undefined) {
		return isError ? (
			<ErrorState error={error} what="The kinds of sources cannot be read" onRetry={() => void refetch()} />
		) : (
			<LoadingState what="the kinds of sources" />
		);
	}
	const wanted = source?.type ?? chosen;
	const type = types.find(({ name }) => name === wanted) ?? (source ? undefined : types[0]);
	if (type === undefined) {
		return (
			<EmptyState icon="search" title="Its kind is not there any more">
				Nobody can change a source whose task type was taken away. It can be deleted, and what it brought stays.
			</EmptyState>
		);
	}
	return (
		<SourceForm
			key={type.name}
			{...{ types, type, name }}
			onType={choose}
			onName={setName}
			{...(source ? { source } : {})}
		/>
	);
};
