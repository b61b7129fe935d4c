/// The folder of the handwritten digits that come with the package (README.md has their source).

/**
 * Where the digits are: 1,497 training and 300 test images of 8 x 8 pixels, for `tf.readDataSets`.
 */
export const digits: string = new URL('.', import.meta.url).href;
