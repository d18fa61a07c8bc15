import { Button } from '@mantine/core';
import { acceptDatasetLicence } from '../../../shared/client/datasets.ts';
import type { DatasetView } from '../../../shared/protocol/dataset.ts';
import { Icon } from '../../kit/icons.tsx';
import { http } from '../../kit/remote/api.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import { useAct } from '../../kit/remote/use-act.ts';
import pageClasses from '../../kit/shell/page.module.css';
import { keys } from '../remote/keys.ts';
import classes from './datasets.module.css';

/** The licence with its text; accepted once by whoever wants to use or download anything. */
export const LicenceCard = ({ dataset }: { dataset: DatasetView }) => {
	const { licence, name } = dataset;
	const accept = useAct<void, DatasetView>({
		act: () => acceptDatasetLicence(http, name, licence.version),
		key: keys.datasets,
		done: 'You have accepted the licence',
		failed: 'The licence was not accepted',
		onDone: (after) => queryClient.setQueryData(keys.dataset(name), after),
	});
	if (licence.name === '' && licence.text === null) return null;
	return (
		<section className={pageClasses.card} id="licence">
			<div className={pageClasses.cardHead}>
				<h2>Licence{licence.name === '' ? '' : `: ${licence.name}`}</h2>
				{licence.text !== null && licence.accepted && (
					<span className={pageClasses.quiet}>
						<Icon name="check" size={15} /> Accepted
					</span>
				)}
			</div>
			{licence.text === null ? (
				<p className={pageClasses.quiet}>Nothing has to be accepted.</p>
			) : (
				// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
				<section className={classes.licence} tabIndex={0} aria-label="Text of the licence">
					{licence.text}
				</section>
			)}
			{!licence.accepted && (
				<div className={classes.accept}>
					<Button loading={accept.isPending} onClick={() => accept.mutate()}>
						Accept the licence
					</Button>
					<span className={pageClasses.quiet}>Then you may use and download its files. Once is enough.</span>
				</div>
			)}
		</section>
	);
};
