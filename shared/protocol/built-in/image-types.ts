/** The pictures that are opened: what other programs write for people to look at. */
export const IMAGES = ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif', 'image/tiff'];
