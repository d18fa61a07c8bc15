import classes from './classes.module.css';
import type { SettingChange } from './setting-values.ts';

/** What differs, setting by setting: before, after. */
export const ChangeList = ({ changes, label }: { changes: readonly SettingChange[]; label: string }) => (
	<ul className={classes.changes} aria-label={label}>
		{changes.map(({ field, before, after }) => (
			<li key={field.path}>
				<span>{field.label}</span>
				<span>
					<del>{before}</del> → <ins>{after}</ins>
				</span>
			</li>
		))}
	</ul>
);
