import { Link } from 'react-router';
import page from '../../kit/shell/page.module.css';
import { ErrorState, LoadingState } from '../../kit/states.tsx';
import { useTitle } from '../../kit/use-title.ts';
import { usePrices } from '../accounting/use-choices.ts';
import { NewPricesForm } from './new-prices-form.tsx';
import { words } from './words.ts';

/** Sets what things cost from some time on, and tells before what that would have made of the last month. */
export const NewPricesPage = () => {
	useTitle(words.newTitle);
	const query = usePrices();
	return (
		<>
			<Link className={page.back} to="/prices">
				{words.allVersions}
			</Link>
			<h1 className={page.pageTitle}>{words.newTitle}</h1>
			{query.data === undefined ? (
				query.error ? (
					<ErrorState error={query.error} what={words.cannotShow} onRetry={() => void query.refetch()} />
				) : (
					<LoadingState what={words.what} />
				)
			) : (
				<NewPricesForm
					current={query.data.items.find(({ state }) => state === 'current') ?? query.data.items[0] ?? null}
				/>
			)}
		</>
	);
};
