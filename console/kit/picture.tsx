import { type ImgHTMLAttributes, type ReactNode, useState } from 'react';

interface PictureProps extends ImgHTMLAttributes<HTMLImageElement> {
	src: string;
	alt: string;
	/** What stands in its place when the browser cannot show it: what people upload may be damaged. */
	otherwise: ReactNode;
}

/** A picture, or what stands in for it. */
export const Picture = ({ otherwise, ...picture }: PictureProps) => {
	const [broken, setBroken] = useState<string | null>(null);
	// biome-ignore lint/a11y/useAltText: whoever uses it must say it
	return broken === picture.src ? otherwise : <img {...picture} onError={() => setBroken(picture.src)} />;
};
