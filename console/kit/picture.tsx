import { type ImgHTMLAttributes, type ReactNode, useState } from 'react';

interface PictureProps extends ImgHTMLAttributes<HTMLImageElement> {
	src: string;
	alt: string;
	/** What stands in its place when the browser cannot show it: what people upload may be damaged. */
	otherwise: ReactNode;
}

/** A picture, or what stands in for it. */
export const Picture = ({ otherwise, alt, ...picture }: PictureProps) => {
	const [broken, setBroken] = useState<string | null>(null);
	return broken === picture.src ? otherwise : <img {...picture} alt={alt} onError={() => setBroken(picture.src)} />;
};
