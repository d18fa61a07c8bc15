/** The product's mark: three waves in a mill race. */
export const Logo = ({ size = 28 }: { size?: number }) => (
	<svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
		<rect width="32" height="32" rx="9" fill="var(--mantine-color-indigo-8)" />
		<path
			d="M6 12c3.3 0 3.3-3 6.7-3s3.3 3 6.7 3 3.3-3 6.6-3M6 17.5c3.3 0 3.3-3 6.7-3s3.3 3 6.7 3 3.3-3 6.6-3M6 23c3.3 0 3.3-3 6.7-3s3.3 3 6.7 3 3.3-3 6.6-3"
			fill="none"
			stroke="#fff"
			strokeWidth="2.2"
			strokeLinecap="round"
		/>
	</svg>
);
